"""Questions about composite indices: recipes, scores, ranks, what moves them, and the audit.

Belongs here: SQL over the index marts, each answer as frozen rows. Does not belong here: any computation of a number.
"""

from dataclasses import dataclass, fields

import duckdb

from pipelines.warehouse.querying import columns_of, fetch


@dataclass(frozen=True, slots=True)
class IndexRecipe:
    """A recipe and what its run came to."""

    recipe_code: str
    recipe_version: str
    recipe_name: str
    recipe_question: str
    recipe_author: str
    recipe_status: str
    recipe_adopter: str | None
    recipe_note: str
    recipe_state: str
    recipe_reason: str | None
    recipe_sha256: str
    recipe_text: str
    first_year: int | None
    last_year: int | None
    n_indicators: int
    n_cities: int
    n_scored: int
    n_ranked: int
    has_ranking: bool
    has_fixed_bar: bool | None
    seed: int | None
    n_runs: int | None
    n_sensitivity_runs: int | None
    n_top: int | None
    n_bands: int | None
    dominance_share: float | None
    sure_pairs_share: float | None
    mean_interval_width: float | None
    profile_reason: str | None


@dataclass(frozen=True, slots=True)
class IndexScore:
    """The index of one city with everything that must stand beside it."""

    city_code: str
    city_name: str
    member_code: str
    member_name: str
    score: float | None
    score_low: float | None
    score_high: float | None
    coverage: float | None
    n_available: int | None
    n_filled: int | None
    n_filled_groups: int | None
    n_indicators: int
    oldest_year: int | None
    newest_year: int | None
    weakest_quality_code: str | None
    boundary_codes: str | None
    is_thin: bool | None
    rank_reason: str | None
    rank_reason_text: str | None
    rank_nominal: int | None
    rank_median: int | None
    rank_mean: float | None
    rank_low: int | None
    rank_high: int | None
    top_share: float | None
    tie_band: int | None
    n_surely_above: int | None
    n_surely_below: int | None


@dataclass(frozen=True, slots=True)
class IndexInput:
    """What one city brings to an index on one indicator."""

    city_code: str
    city_name: str
    member_code: str
    indicator_code: str
    indicator_name: str
    unit_name: str
    decimals: int
    group_code: str | None
    indicator_position: int
    observation_id: str | None
    input_state: str
    input_reason: str | None
    input_value: float | None
    input_carried: float | None
    normalised_value: float | None
    effective_weight: float
    indicator_direction: int
    noise_share: float | None
    period_label: str | None
    boundary_code: str | None
    quality_code: str | None
    unit_code: str | None
    relative_error: float | None
    standard_error: float | None
    error_basis: str | None
    source_kind: str | None
    source_kind_name: str | None


@dataclass(frozen=True, slots=True)
class GroupScore:
    """The score of a city in one group of a recipe, of any level; an edition from before there were levels knows groups of indicators alone."""

    group_code: str
    group_name: str
    group_level: int | None
    parent_group_code: str | None
    group_position: int
    group_weight: float
    city_code: str
    city_name: str
    member_name: str
    group_score: float | None
    is_group_filled: bool | None
    group_colour: str | None


@dataclass(frozen=True, slots=True)
class Pair:
    """How two ranked cities stand to each other over all runs."""

    city_code: str
    other_city_code: str
    share_above: float
    share_tied: float
    is_dominant: bool


@dataclass(frozen=True, slots=True)
class Effect:
    """What an unsure step explains, of all ranks (``city_code`` is ``all``) or of one city's."""

    factor_code: str
    city_code: str
    first_order: float | None
    first_order_low: float | None
    first_order_high: float | None
    total_order: float | None
    total_order_low: float | None
    total_order_high: float | None
    pilot_change: float
    share_reranked: float


@dataclass(frozen=True, slots=True)
class RemovalRow:
    """The rank of a city without one thing."""

    removed_kind: str
    removed_code: str
    removed_name: str
    city_code: str
    rank_nominal: int
    rank_without: int | None
    mean_shift: float | None


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One line of the audit."""

    check_code: str
    node_level: int
    node_code: str
    node_name: str
    other_code: str | None
    other_name: str | None
    audit_measure: float | None
    audit_limit: float
    audit_verdict: str


@dataclass(frozen=True, slots=True)
class UseCondition:
    """A condition of use that a source states."""

    condition_code: str
    condition_kind: str
    member_code: str | None
    city_code: str | None
    indicator_code: str | None
    condition_reason: str
    condition_source: str


NAMES = """
    with names as (
        select indicator_code as code, indicator_name as name from marts.mart_indicators
        union all select group_code, any_value(group_name) from marts.mart_index_groups where recipe_code = ? group by group_code
        union all select city_code, city_name from marts.mart_cities
    )
"""


def has_mart(connection: duckdb.DuckDBPyConnection, mart: str) -> bool:
    """Whether an edition has a mart; older editions stay readable and lack the newer ones."""
    found = connection.execute("select 1 from information_schema.tables where table_schema = 'marts' and table_name = ?", [mart])
    return found.fetchone() is not None


def _with_newer(mart: str, **newer: str) -> str:
    """Read a mart with columns that editions from before them lack, empty there."""
    columns = ", ".join(f"cast(null as {kind}) as {name}" for name, kind in newer.items())
    return f"(select {columns} where false union all by name select * from marts.{mart})"


def columns_in(connection: duckdb.DuckDBPyConnection, mart: str) -> set[str]:
    """Name the columns that an edition's mart has; those of older editions lack the newer ones."""
    found = connection.execute("select column_name from information_schema.columns where table_schema = 'marts' and table_name = ?", [mart])
    return {name for (name,) in found.fetchall()}


def index_recipes(connection: duckdb.DuckDBPyConnection) -> list[IndexRecipe]:
    """Give all recipes, those with most ranked cities first; none in an edition from before there were any."""
    if not has_mart(connection, "mart_index_recipes"):
        return []
    recipes = _with_newer("mart_index_recipes", sure_pairs_share="double", mean_interval_width="double", profile_reason="varchar")
    return fetch(connection, IndexRecipe, f"select {columns_of(IndexRecipe)} from {recipes} order by n_ranked desc, recipe_code")


def index_scores(connection: duckdb.DuckDBPyConnection, recipe_code: str) -> list[IndexScore]:
    """Give every city of an index: ranked ones by band, median and mean rank; all others by country and name, never by score."""
    newer = _with_newer("mart_index_scores", n_surely_above="integer", n_surely_below="integer")
    is_filled = "is_group_filled" if "is_group_filled" in columns_in(connection, "mart_index_groups") else "false"
    return fetch(
        connection, IndexScore,
        f"""select {columns_of(IndexScore)} from (
                select s.*, c.city_name, c.member_code, c.member_name, b.boundary_codes, g.n_filled_groups from {newer} as s
                inner join marts.mart_cities as c on s.city_code = c.city_code
                left join (
                    select i.recipe_code, i.city_code, string_agg(distinct o.boundary_code, ', ' order by o.boundary_code) as boundary_codes
                    from marts.mart_index_inputs as i inner join marts.mart_observations as o on i.observation_id = o.observation_id
                    group by i.recipe_code, i.city_code
                ) as b on s.recipe_code = b.recipe_code and s.city_code = b.city_code
                left join (
                    select recipe_code, city_code, count(*) filter (where {is_filled}) as n_filled_groups from marts.mart_index_groups group by all
                ) as g on s.recipe_code = g.recipe_code and s.city_code = g.city_code
                where s.recipe_code = ?
            ) order by rank_nominal is null, tie_band, rank_median, rank_mean, member_name, city_name, city_code""",
        recipe_code,
    )  # fmt: skip


def index_inputs(connection: duckdb.DuckDBPyConnection, recipe_code: str) -> list[IndexInput]:
    """Give every cell of an index with its figure, by city and place of the indicator."""
    return fetch(
        connection, IndexInput,
        f"""select {columns_of(IndexInput)} from (
                select n.*, c.city_name, c.member_code, i.indicator_name, i.unit_name, i.decimals, o.period_label, o.boundary_code, o.quality_code,
                    o.unit_code, o.relative_error, o.standard_error, o.error_basis, o.source_kind, o.source_kind_name
                from marts.mart_index_inputs as n
                inner join marts.mart_cities as c on n.city_code = c.city_code
                inner join marts.mart_indicators as i on n.indicator_code = i.indicator_code
                left join marts.mart_observations as o on n.observation_id = o.observation_id
                where n.recipe_code = ?
            ) order by city_code, indicator_position""",
        recipe_code,
    )  # fmt: skip


def index_groups(connection: duckdb.DuckDBPyConnection, recipe_code: str) -> list[GroupScore]:
    """Give the scores of groups by country and city, and down the tree, a group before its members; a column that the edition lacks is none throughout."""
    known = columns_in(connection, "mart_index_groups") | {"city_name", "member_name"}
    columns = ", ".join(f.name if f.name in known else f"null as {f.name}" for f in fields(GroupScore))
    return fetch(
        connection, GroupScore,
        f"""select {columns} from (
                select g.*, c.city_name, c.member_name from marts.mart_index_groups as g inner join marts.mart_cities as c on g.city_code = c.city_code
                where g.recipe_code = ?
            ) order by member_name, city_name, city_code, group_position""",
        recipe_code,
    )  # fmt: skip


def index_pair(connection: duckdb.DuckDBPyConnection, recipe_code: str, city_code: str, other_city_code: str) -> list[Pair]:
    """Give how one ranked city stands to another and the other to it; empty when one of them has no rank."""
    return fetch(
        connection, Pair,
        f"""select {columns_of(Pair)} from marts.mart_index_pairs
            where recipe_code = ? and ((city_code = ? and other_city_code = ?) or (other_city_code = ? and city_code = ?)) order by city_code <> ?""",
        recipe_code, city_code, other_city_code, city_code, other_city_code, city_code,
    )  # fmt: skip


def index_effects(connection: duckdb.DuckDBPyConnection, recipe_code: str, city_code: str = "all") -> list[Effect]:
    """Give what each unsure step explains, the largest total first."""
    return fetch(
        connection, Effect,
        f"""select {columns_of(Effect)} from marts.mart_index_effects where recipe_code = ? and city_code = ?
            order by total_order desc nulls last, factor_code""",
        recipe_code, city_code,
    )  # fmt: skip


def index_removals(connection: duckdb.DuckDBPyConnection, recipe_code: str, city_code: str) -> list[RemovalRow]:
    """Give the rank of a city without each indicator, group and other city, those that move it most first."""
    return fetch(
        connection, RemovalRow,
        f"""{NAMES} select {columns_of(RemovalRow)} from (
                select r.*, coalesce(n.name, r.removed_code) as removed_name from marts.mart_index_removals as r
                left join names as n on r.removed_code = n.code where r.recipe_code = ? and r.city_code = ? and r.removed_code <> r.city_code
            ) order by abs(rank_without - rank_nominal) desc nulls last, removed_kind = 'city', removed_kind, removed_name""",
        recipe_code, recipe_code, city_code,
    )  # fmt: skip


def index_audits(connection: duckdb.DuckDBPyConnection, recipe_code: str) -> list[AuditRow]:
    """Give the audit, what is not sound first."""
    return fetch(
        connection, AuditRow,
        f"""{NAMES} select {columns_of(AuditRow)} from (
                select a.*, coalesce(n.name, a.node_code) as node_name, coalesce(p.name, a.other_code) as other_name from marts.mart_index_audits as a
                left join names as n on a.node_code = n.code left join names as p on a.other_code = p.code where a.recipe_code = ?
            ) order by audit_verdict = 'sound', check_code, node_level, node_name, other_name""",
        recipe_code, recipe_code,
    )  # fmt: skip


def use_conditions(connection: duckdb.DuckDBPyConnection) -> list[UseCondition]:
    """Give every condition of use; none in an edition from before there were any."""
    if not has_mart(connection, "mart_use_conditions"):
        return []
    return fetch(connection, UseCondition, f"select {columns_of(UseCondition)} from marts.mart_use_conditions order by condition_code")


def forbids_ranking(conditions: list[UseCondition], *, member_code: str, city_code: str, indicator_code: str) -> bool:
    """Whether a condition keeps a figure out of any order by value."""
    return any(c.member_code in (None, member_code) and c.city_code in (None, city_code) and c.indicator_code in (None, indicator_code) for c in conditions)
