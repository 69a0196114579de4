"""Tables and sentences about composite indices: ranks as intervals and bands, scores with their bars, what moves a rank, the audit in plain words.

Belongs here: columns and spelling. Does not belong here: any query or formula.
"""

from collections.abc import Sequence

from pipelines.domain.recipes import Recipe
from pipelines.exports.error_cells import error_text
from pipelines.exports.tables import CellKind, TableColumn, TableSpec, figure_number, shown_number
from pipelines.exports.views import View
from pipelines.methods.intervals import CLEAR
from pipelines.methods.rank_changes import SWITCHES, RankChange
from pipelines.warehouse.querying_indexes import AuditRow, Effect, GroupScore, IndexInput, IndexRecipe, IndexScore, Pair, RemovalRow

NUMBER = CellKind.NUMBER
FACTORS = {
    "normalisation": "how indicators are put on one scale", "bounds": "where the ends of the scale lie", "weights": "weights",
    "missing": "what is done with gaps",
    "outliers": "what is done with outliers", "indicators": "which indicators are in", "quality": "how well the figures are measured",
}  # fmt: skip
LEVEL_FACTOR = "aggregation_"
RANK_REASONS = {
    "no_score": "too few indicators for a score", "ranking_off": "this recipe ranks nobody", "coverage": "too few indicators for a rank",
    "grade": "a figure compares less well than a rank asks for", "no_ranking": "a source asks not to be ranked", "too_few": "too few cities to rank",
}  # fmt: skip
PROFILES_ONLY = "this index shows profiles and ranks nobody"
INPUT_STATES = {"used": "used", "missing": "no figure", "not_comparable": "left out: does not compare", "filled": "filled in, not a figure"}
SWITCH_WORDS = {"own_data": "Its own figures", "others_data": "Other cities' figures", "method": "Method and weights", "bounds": "Ends of scales"}


def interval_text(low: int | None, high: int | None) -> str:
    """Both ends of a rank interval; one number where both are the same."""
    if low is None or high is None:
        return ".."
    return str(low) if low == high else f"{low} to {high}"


def percent_text(share: float | None) -> str:
    """A share of runs in whole per cent; never 0 or 100 for what did, or did not, happen once."""
    if share is None:
        return ".."
    if 0 < share < 0.01:
        return "under 1 %"
    if 0.99 < share < 1:
        return "over 99 %"
    return f"{share * 100:.0f} %"


def coverage_text(score: IndexScore) -> str:
    """Indicators that are there, of those asked for, and how many of them and of their groups were filled in."""
    if score.n_available is None:
        return ".."
    groups = score.n_filled_groups or 0
    filled = ([f"{score.n_filled} filled in"] if score.n_filled else []) + ([f"{groups} group{'s' * (groups > 1)} filled in"] if groups else [])
    return ", ".join((f"{score.n_available} of {score.n_indicators}", *filled))


def years_text(score: IndexScore) -> str:
    """The years of the figures in a score, the oldest first."""
    if score.oldest_year is None:
        return ".."
    return str(score.oldest_year) if score.oldest_year == score.newest_year else f"{score.oldest_year} to {score.newest_year}"


def boundary_text(score: IndexScore) -> str:
    """What the figures in a score cover; several where an indicator's cities are all measured by another boundary."""
    return (score.boundary_codes or "..").replace("_", " ")


def reason_text(score: IndexScore) -> str:
    """Why a city has no rank, with the stated reason."""
    if score.rank_reason is None:
        return ""
    return RANK_REASONS[score.rank_reason] + (f": {score.rank_reason_text}" if score.rank_reason_text else "")


def three_digits(value: float | None) -> float | None:
    """Round to three significant digits; a score is no surer than that."""
    return None if value is None else float(f"{value:.3g}")


RANK_COLUMNS = (
    TableColumn("city", "City"), TableColumn("member", "Country"), TableColumn("band", "Tie band"), TableColumn("interval", "Rank, 90 % of runs"),
    TableColumn("above", "Surely above"), TableColumn("below", "Surely below"), TableColumn("median", "Median rank"),
    TableColumn("top", "Chance of the first places"), TableColumn("score", "Score", NUMBER),
    TableColumn("coverage", "Indicators"), TableColumn("years", "Years"), TableColumn("boundary", "Boundary"), TableColumn("quality", "Weakest quality"),
)  # fmt: skip


def ranks_table(title: str, scores: Sequence[IndexScore], *, notes: tuple[str, ...], view: View) -> TableSpec:
    """Describe ranked cities by band, interval, and how many they stand surely above and below; a rank never stands as one number."""
    rows = tuple(
        (
            s.city_name, s.member_name, str(s.tie_band), interval_text(s.rank_low, s.rank_high), str(s.n_surely_above), str(s.n_surely_below),
            str(s.rank_median), percent_text(s.top_share),
            shown_number(three_digits(s.score)), coverage_text(s), years_text(s), boundary_text(s), (s.weakest_quality_code or "").replace("_", " "),
        )
        for s in scores
        if s.rank_nominal is not None
    )  # fmt: skip
    return TableSpec(title, RANK_COLUMNS, rows, notes, view)


SCORE_COLUMNS = (
    TableColumn("city", "City"), TableColumn("member", "Country"), TableColumn("score", "Score", NUMBER), TableColumn("low", "Worst case", NUMBER),
    TableColumn("high", "Best case", NUMBER), TableColumn("coverage", "Indicators"), TableColumn("years", "Years"), TableColumn("boundary", "Boundary"),
    TableColumn("quality", "Weakest quality"), TableColumn("thin", "Thin"), TableColumn("reason", "Why no rank"),
)  # fmt: skip


def scores_table(title: str, scores: Sequence[IndexScore], *, notes: tuple[str, ...], view: View, has_profiles: bool = False) -> TableSpec:
    """Describe every city by country and name, with its worst and best case; a city under a no-ranking condition has no number here.

    Args:
        has_profiles: whether the index shows profiles, so that no city has a rank.
    """
    rows = tuple(
        (
            s.city_name, s.member_name, *(shown_number(three_digits(v)) for v in (s.score, s.score_low, s.score_high)), coverage_text(s),
            years_text(s), boundary_text(s), (s.weakest_quality_code or "..").replace("_", " "), "thin" if s.is_thin else "",
            reason_text(s) or (PROFILES_ONLY if has_profiles else ""),
        )
        for s in sorted(scores, key=lambda s: (s.member_name, s.city_name, s.city_code))
    )  # fmt: skip
    return TableSpec(title, SCORE_COLUMNS, rows, notes, view)


INPUT_COLUMNS = (
    TableColumn("indicator", "Indicator"), TableColumn("state", "State"), TableColumn("value", "Value", NUMBER), TableColumn("error", "Uncertainty"),
    TableColumn("unit", "Unit"),
    TableColumn("period", "Period"), TableColumn("boundary", "Boundary"), TableColumn("quality", "Quality"), TableColumn("better", "Better when"),
    TableColumn("scaled", "On the scale", NUMBER), TableColumn("weight", "Weighs"),
)  # fmt: skip


def inputs_table(title: str, inputs: Sequence[IndexInput], *, notes: tuple[str, ...], view: View) -> TableSpec:
    """Describe what one city brings to an index, cell by cell."""
    rows = tuple(
        (
            i.indicator_name, INPUT_STATES[i.input_state] + (f": {i.input_reason}" if i.input_reason else ""), figure_number(i.input_value, i.decimals),
            error_text(i),
            i.unit_name,
            i.period_label or "..", (i.boundary_code or "..").replace("_", " "), (i.quality_code or "..").replace("_", " "),
            "higher" if i.indicator_direction > 0 else "lower", shown_number(three_digits(i.normalised_value)), percent_text(i.effective_weight),
        )
        for i in inputs
    )  # fmt: skip
    return TableSpec(title, INPUT_COLUMNS, rows, notes, view)


EFFECT_COLUMNS = (
    TableColumn("step", "Unsure step"), TableColumn("total", "Explains, with others"), TableColumn("total_range", "90 % interval"),
    TableColumn("first", "Explains alone"), TableColumn("first_range", "90 % interval, alone"), TableColumn("pilot", "Alone, changes the ranking in"),
)  # fmt: skip


def share_text(value: float | None) -> str:
    """A sensitivity index in whole per cent; what lies a little below nothing or above all is the noise of its estimate, and shown as the end."""
    return ".." if value is None else f"{min(1.0, max(0.0, value)) * 100:.0f} %"


def step_texts(effects: Sequence[Effect]) -> dict[str, str]:
    """Spell the unsure steps; the mean of each level by what it puts together."""
    levels = [int(e.factor_code.removeprefix(LEVEL_FACTOR)) for e in effects if e.factor_code.startswith(LEVEL_FACTOR)]
    return FACTORS | {f"{LEVEL_FACTOR}{level}": mean_text(level, max(levels)) for level in levels}


def mean_text(level: int, n_levels: int) -> str:
    """Say what the mean of a level puts together, level 1 being that of the indicators."""
    if n_levels == 1:
        return "the mean over indicators"
    if level == 1:
        return "the mean inside groups"
    return "the mean over groups" if level == n_levels else f"the mean over groups, level {level}"


def effects_table(title: str, effects: Sequence[Effect], *, notes: tuple[str, ...], view: View) -> TableSpec:
    """Describe what each unsure step explains."""
    words = step_texts(effects)
    rows = tuple(
        (
            words[e.factor_code], share_text(e.total_order), f"{share_text(e.total_order_low)} to {share_text(e.total_order_high)}",
            share_text(e.first_order), f"{share_text(e.first_order_low)} to {share_text(e.first_order_high)}",
            f"{percent_text(e.share_reranked)} of pilot runs",
        )
        for e in effects
    )  # fmt: skip
    return TableSpec(title, EFFECT_COLUMNS, rows, notes, view)


REMOVAL_COLUMNS = (
    TableColumn("kind", "Taken away"), TableColumn("name", "Which"), TableColumn("shift", "Places moved"),
    TableColumn("mean", "All cities move on average", NUMBER),
)  # fmt: skip


def moved_text(row: RemovalRow) -> str:
    """How many places a city goes up or down without something."""
    if row.rank_without is None:
        return "nothing can be ranked without it"
    moved = row.rank_nominal - row.rank_without
    return "none" if moved == 0 else f"{abs(moved)} {'up' if moved > 0 else 'down'}"


def removals_table(title: str, removals: Sequence[RemovalRow], *, notes: tuple[str, ...], view: View) -> TableSpec:
    """Describe how far a city moves without each indicator, group or other city."""
    rows = tuple((r.removed_kind, r.removed_name, moved_text(r), shown_number(three_digits(r.mean_shift))) for r in removals)
    return TableSpec(title, REMOVAL_COLUMNS, rows, notes, view)


AUDIT_COLUMNS = (
    TableColumn("verdict", "Verdict"),
    TableColumn("words", "In words"),
    TableColumn("measure", "Measured", NUMBER),
    TableColumn("limit", "Limit", NUMBER),
)
SIGNS = {"sound": "✓ sound", "not_run": "· not run"}


def audit_sentence(row: AuditRow) -> str:
    """Say in plain words what a line of the audit found."""
    here, other = (f"the {name}" if name == "index" else name for name in (row.node_name, row.other_name or ""))
    if row.audit_verdict == "not_run":
        return f"{here}: too few cities, or nothing varies; this was not checked ({row.check_code.replace('_', ' ')})"
    return {
        ("parent_correlation", "sound"): f"{here} rises and falls with {other}",
        ("parent_correlation", "weak"): f"{here} says little about {other}: it hardly rises and falls with it",
        ("parent_correlation", "negative"): f"{here} runs against {other}: cities good at the one are poor at the other",
        ("pair_correlation", "redundant"): f"{here} and {other} say nearly the same; together they count double",
        ("importance", "sound"): f"{here} matters in {other} about as much as its weight says",
        ("importance", "overweight"): f"{here} matters in {other} more than twice what its weight says",
        ("importance", "underweight"): f"{here} matters in {other} less than half of what its weight says",
        ("first_component", "sound"): f"The members of {here} have one thing in common",
        ("first_component", "scattered"): f"The members of {here} have no one thing in common",
        ("cronbach_alpha", "sound"): f"The members of {here} measure one thing consistently",
        ("cronbach_alpha", "inconsistent"): f"The members of {here} do not measure one thing; their mean is a choice, not a measurement",
    }[row.check_code, row.audit_verdict]


def audit_table(title: str, audits: Sequence[AuditRow], *, notes: tuple[str, ...], view: View) -> TableSpec:
    """Describe the audit, each line in words; a check that did not run says so."""
    rows = tuple(
        (SIGNS.get(a.audit_verdict, f"! {a.audit_verdict}"), audit_sentence(a), shown_number(three_digits(a.audit_measure)), shown_number(a.audit_limit))
        for a in audits
    )
    return TableSpec(title, AUDIT_COLUMNS, rows, notes, view)


CHANGE_COLUMNS = (
    TableColumn("city", "City"), TableColumn("before", "Rank before"), TableColumn("after", "Rank now"), TableColumn("interval", "Now, 90 % of runs"),
    TableColumn("change", "Change"),
    *(TableColumn(switch, SWITCH_WORDS[switch]) for switch in SWITCHES),
)  # fmt: skip


def signed_text(hundredths: int) -> str:
    """Hundredths of a place with their sign, down (a larger rank) as plus."""
    return "0" if hundredths == 0 else f"{hundredths / 100:+.2f}"


def shown_parts(change: RankChange) -> dict[str, int]:
    """Round the exact parts to hundredths of a place so that what is shown adds up to the change, by largest remainders."""
    floors = {name: (part * 100).__floor__() for name, part in change.parts.items()}
    left = (change.after - change.before) * 100 - sum(floors.values())
    by_rest = sorted(floors, key=lambda name: (floors[name] - change.parts[name] * 100, SWITCHES.index(name)))
    return {name: floors[name] + (name in by_rest[:left]) for name in SWITCHES}


def changes_table(title: str, changes: Sequence[RankChange], scores: Sequence[IndexScore], *, notes: tuple[str, ...], view: View) -> TableSpec:
    """Describe why ranks changed between two editions, by name of city; the parts in a row add up to the change."""
    of = {s.city_code: s for s in scores}
    rows = tuple(
        (
            of[c.code].city_name, str(c.before), str(c.after), interval_text(of[c.code].rank_low, of[c.code].rank_high),
            signed_text((c.after - c.before) * 100), *(signed_text(part) for part in shown_parts(c).values()),
        )
        for c in sorted(changes, key=lambda c: of[c.code].city_name)
    )  # fmt: skip
    return TableSpec(title, CHANGE_COLUMNS, rows, notes, view)


def pair_sentence(one: str, other: str, pair: Pair, runs: int) -> str:
    """Say whether one city stands above another, or that there is no clear difference."""
    if pair.is_dominant:
        return (
            f"{one} is at least as good as {other} on every indicator and better on one: no weights turn that order round, as far as the figures are right. "
            f"It stands above in {percent_text(pair.share_above)} of {runs:,} runs."
        )
    if pair.share_above >= CLEAR:
        return f"{one} stands above {other} in {percent_text(pair.share_above)} of {runs:,} runs: a clear difference."
    below = 1.0 - pair.share_above - pair.share_tied
    if below >= CLEAR:
        return f"{other} stands above {one} in {percent_text(below)} of {runs:,} runs: a clear difference."
    return (
        f"No clear difference: {one} stands above {other} in {percent_text(pair.share_above)} of {runs:,} runs, and below in {percent_text(max(0.0, below))}. "
        f"A difference is called from {CLEAR:.0%} on."
    )


def headline(recipe: IndexRecipe) -> str:
    """Say how much an index can tell: who is ranked, in how many bands, and what no weights could turn."""
    if recipe.profile_reason:
        return f"{recipe.n_scored} of {recipe.n_cities} cities have a score."
    ranked = f"{recipe.n_ranked} of {recipe.n_cities} cities are ranked, {recipe.n_scored} have a score."
    if not recipe.n_ranked or recipe.n_bands is None:
        return ranked
    bands = f"They form {recipe.n_bands} tie bands: every city of a band stands surely above every city of the bands below it."
    dominance = "" if recipe.dominance_share is None else f" In {percent_text(recipe.dominance_share)} of the pairs no weights could turn the order."
    return f"{ranked} {bands}{dominance}"


def levels_text(recipe: Recipe) -> str:
    """Say how the recipe puts its indicators together, level by level; a group of one level is a member on the next."""
    sizes = [len(recipe.indicators), *(len(level) for level in recipe.levels)]
    if len(sizes) == 1:
        return f"{sizes[0]} indicators make the index straight."
    parts = [f"{sizes[0]} indicators make {sizes[1]} groups", *(f"these make {n}" for n in sizes[2:]), "these make the index"]
    return f"{', '.join(parts[:-1])}, and {parts[-1]}."


GROUP_COLUMNS = (
    TableColumn("city", "City"), TableColumn("member", "Country"), TableColumn("group", "Group"), TableColumn("parent", "Part of"),
    TableColumn("score", "Score", NUMBER), TableColumn("weight", "Weighs in the index"), TableColumn("state", "State"), TableColumn("colour", "Colour"),
)  # fmt: skip
FILLED, OWN, NO_SCORE = "filled in from its peers, not its own", "its own", "no score"


def group_columns(groups: Sequence[GroupScore]) -> tuple[TableColumn, ...]:
    """Give the columns of a table of groups; colours stand where a recipe has thresholds."""
    has_colour = any(g.group_colour for g in groups)
    return tuple(c for c in GROUP_COLUMNS if has_colour or c.key != "colour")


def groups_table(title: str, groups: Sequence[GroupScore], *, notes: tuple[str, ...], view: View) -> TableSpec:
    """Describe each city's groups of all levels down the tree; what its peers gave stands so."""
    names, columns = {g.group_code: g.group_name for g in groups}, group_columns(groups)
    rows = [
        (
            g.city_name, g.member_name, g.group_name, names.get(g.parent_group_code or "", "the index"), shown_number(three_digits(g.group_score)),
            percent_text(g.group_weight), FILLED if g.is_group_filled else NO_SCORE if g.group_score is None else OWN, g.group_colour or "",
        )
        for g in groups
    ]  # fmt: skip
    # The colour is the last column.
    return TableSpec(title, columns, tuple(row[: len(columns)] for row in rows), notes, view)
