"""Tables about goals, from standings and verdicts.

Belongs here: columns, spelling of statuses and reasons. Does not belong here: any query or formula.
"""

from collections.abc import Sequence

from pipelines.exports.error_cells import error_text
from pipelines.exports.tables import Cell, CellKind, TableColumn, TableSpec, figure_number, number_text, shown_number
from pipelines.exports.views import View
from pipelines.warehouse.querying_goals import RuleVerdict, Standing

NUMBER = CellKind.NUMBER
REASONS = {
    "too_few_points": "too few points", "no_target_year": "the target has no year", "not_positive": "not defined at zero or below",
    "no_base": "no value since the base year", "target_year_past": "the target's year is past", "target_equals_base": "target met at the base",
    "no_base_value": "no value in the base year", "no_direction": "neither way is better", "two_sided": "right on both sides",
    "levels_only": "a scale of levels, no single target", "too_old": "the latest figure is too old",
}  # fmt: skip
SDR_WORDS = {"green": "achieved", "yellow": "challenges remain", "orange": "significant challenges", "red": "major challenges"}
OPTIMUM_REACHED = "optimum reached"
STATUS_SIGNS = {
    "reached": "✓", OPTIMUM_REACHED: "★", "achieved": "●", "challenges remain": "◐", "significant challenges": "◑", "major challenges": "○",
    "not reached": "×", "level": "▲", "not judged": "·",
}  # fmt: skip
NO_TREND = "none: too few points, or too old"
KIND_WORDS = {"green": "goal line (achieved from)", "red": "major challenges from", "step": "interim step", "lower_bound": "worst end of the scale"}
STANDING_COLUMNS = (
    TableColumn("city", "City"), TableColumn("member", "Country"), TableColumn("value", "Latest", NUMBER), TableColumn("error", "Uncertainty"),
    TableColumn("unit", "Unit"),
    TableColumn("period", "Period"), TableColumn("boundary", "Boundary"), TableColumn("definition", "Definition"), TableColumn("quality", "Quality"),
    TableColumn("target", "Goal line", NUMBER), TableColumn("target_year", "Goal year"), TableColumn("status", "Status"),
    TableColumn("gap", "Left to the goal line", NUMBER),
    TableColumn("optimum", "Optimum", NUMBER), TableColumn("gap_to_optimum", "Left to the optimum", NUMBER),
    TableColumn("score", "SDR score", NUMBER), TableColumn("points", "U4SSC points"), TableColumn("deviations", "OECD distance", NUMBER),
    TableColumn("path", "Way done, %", NUMBER), TableColumn("trend", "Trend rules"), TableColumn("pace", "Pace a year", NUMBER),
    TableColumn("interval", "Pace, 90 % interval"), TableColumn("needed", "Needed a year", NUMBER), TableColumn("finish", "Reached in"),
    TableColumn("projected", "In the goal year"), TableColumn("points_used", "Points"),
)  # fmt: skip


def kind_text(goal_kind: str) -> str:
    """What a level of a goal set is called: where "achieved" begins is the goal line, and the optimum is another thing."""
    return KIND_WORDS.get(goal_kind, goal_kind.replace("_", " "))


def status_of(standing: Standing) -> str:
    """Where a city stands, in the words of the set's publisher: reached or not reached, a band of the SDR, or a level."""
    if standing.level_reached is not None:
        return f"level {standing.level_reached}"
    if standing.is_reached is None:
        return "not judged"
    if standing.sdr_colour:
        return OPTIMUM_REACHED if standing.gap_to_optimum == 0 else SDR_WORDS[standing.sdr_colour]
    return "reached" if standing.is_reached else "not reached"


def sign_of(status: str) -> str:
    """The shape that goes with a status, so that no colour carries it alone."""
    return STATUS_SIGNS["level"] if status.startswith("level") else STATUS_SIGNS[status]


def status_text(standing: Standing) -> str:
    """Shape and word, with the reason when it is not judged."""
    status = status_of(standing)
    reason = f": {REASONS[standing.standing_reason]}" if standing.standing_reason and status == "not judged" else ""
    return f"{sign_of(status)} {status}{reason}"


def trend_text(standing: Standing) -> str:
    """How many of the rules that are defined say that the target will be reached in time."""
    if not standing.n_rules:
        return "no rule is defined"
    return f"{standing.n_rules_on_the_way} of {standing.n_rules} rules: on the way"


def interval_text(low: float | None, high: float | None) -> str:
    """Both ends of an interval; says so when there are too few points for one, or the last is too old."""
    return NO_TREND if low is None or high is None else f"{number_text(_short(low))} to {number_text(_short(high))}"


def _short(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.3g}")


def projected_text(standing: Standing) -> str:
    """The projected value with its interval and how wrong such lines were here."""
    if standing.projected_value is None:
        return NO_TREND if standing.target_year else "the target has no year"
    error = "" if standing.backtest_error is None else f", one step ahead off by {number_text(_short(standing.backtest_error))}"
    return f"{number_text(_short(standing.projected_value))} ({interval_text(standing.projected_low, standing.projected_high)}{error})"


def standing_row(s: Standing) -> dict[str, Cell]:
    """Give a standing as cells by column key."""
    definition = s.definition_name or ("one definition known" if s.definition_grade == "single" else s.definition_grade.replace("_", " "))
    return {
        "city": s.city_name, "member": s.member_name, "value": figure_number(s.last_value, s.decimals), "unit": s.unit_name, "error": error_text(s),
        "period": s.period_label,
        "boundary": s.boundary_code.replace("_", " "), "definition": definition, "quality": s.quality_code.replace("_", " "),
        "target": shown_number(s.target_level), "target_year": str(s.target_year or "none"), "status": status_text(s),
        "gap": shown_number(_short(s.gap_left)), "optimum": shown_number(s.optimum_level), "gap_to_optimum": shown_number(_short(s.gap_to_optimum)),
        "score": shown_number(_short(s.sdr_score)), "points": str(s.u4ssc_points or ".."),
        "deviations": shown_number(_short(s.deviations_left)), "path": shown_number(_short(s.share_of_path)), "trend": trend_text(s),
        "pace": shown_number(_short(s.pace)), "interval": interval_text(s.pace_low, s.pace_high), "needed": shown_number(_short(s.pace_needed)),
        "finish": "reached" if s.is_reached else f"{s.finishing_year:.0f}" if s.finishing_year is not None else "..",
        "projected": projected_text(s), "points_used": str(s.n_points),
    }  # fmt: skip


def standings_table(title: str, standings: Sequence[Standing], *, notes: tuple[str, ...], view: View) -> TableSpec:
    """Describe a table of standings; columns that nobody has are left out."""
    rows = [standing_row(s) for s in standings]
    columns = tuple(c for c in STANDING_COLUMNS if c.kind is not NUMBER or any(row[c.key] is not None for row in rows))
    return TableSpec(title, columns, tuple(tuple(row[c.key] for c in columns) for row in rows), notes, view)


VERDICT_COLUMNS = (
    TableColumn("rule", "Rule"), TableColumn("verdict", "Verdict"), TableColumn("measure", "Measure", NUMBER), TableColumn("measured", "What it measures"),
    TableColumn("source", "Source"), TableColumn("confidence", "How sure the rule is"),
)  # fmt: skip


def verdicts_table(title: str, verdicts: Sequence[RuleVerdict], *, notes: tuple[str, ...], view: View) -> TableSpec:
    """Describe the verdicts of all rules side by side; a rule that says nothing says why."""
    rows = tuple(
        (
            v.rule_name, v.verdict_name or f"none: {REASONS[v.verdict_reason or '']}", shown_number(_short(v.verdict_measure)), v.measure_name,
            v.rule_source, v.rule_confidence.replace("_", " "),
        )
        for v in verdicts
    )  # fmt: skip
    return TableSpec(title, VERDICT_COLUMNS, rows, notes, view)
