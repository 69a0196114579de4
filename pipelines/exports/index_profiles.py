"""What an index says where ranks would say too little: each city's indicators side by side, and why; and how sure an order is, in plain words.

Belongs here: columns and sentences. Does not belong here: the rule when profiles stand in place of ranks (methods), drawing.
"""

from collections import Counter
from collections.abc import Sequence

from pipelines.exports.index_tables import NUMBER, percent_text, three_digits
from pipelines.exports.tables import TableColumn, TableSpec, number_text, shown_number
from pipelines.exports.views import View
from pipelines.methods.intervals import CLEAR, FEWEST_FOR_RANKS
from pipelines.warehouse.querying_indexes import IndexInput, IndexRecipe, IndexScore

PROFILE_REASONS = {
    "few_indicators": (
        "This index has {n_indicators} indicators. Below {fewest}, each one decides so much of the whole that a rank would say more about the choice of "
        "indicators than about a city; so cities stand here side by side, and have no rank."
    ),
    "one_band": (
        "The cities form a single tie band: there is no place in their order at which every city above is surely better than every city below; so they "
        "stand here side by side, and have no rank."
    ),
}


def profile_text(recipe: IndexRecipe) -> str:
    """Say why there are profiles and no ranks; empty where ranks are shown."""
    return PROFILE_REASONS[recipe.profile_reason].format(n_indicators=recipe.n_indicators, fewest=FEWEST_FOR_RANKS) if recipe.profile_reason else ""


def sureness_text(recipe: IndexRecipe) -> str:
    """Say for a delegate how much of the order is sure; empty where nobody is ranked."""
    if recipe.sure_pairs_share is None or recipe.mean_interval_width is None:
        return ""
    width = number_text(round(recipe.mean_interval_width, 1))
    places = f"{width} place" if width == "1" else f"{width} places"
    return (
        f"Take any two of the {recipe.n_ranked} cities with enough indicators: for {percent_text(recipe.sure_pairs_share)} of such pairs it is sure which "
        f"one stands higher, because it does in {CLEAR * 100:.0f} % of all tries with other reasonable choices; for the others nobody can say. "
        f"On average, the tries leave {places} between the best and the worst that a city may hold."
    )


def profile_columns(inputs: Sequence[IndexInput]) -> list[tuple[str, str]]:
    """Code and name of each indicator, in the recipe's order; with its code where two have one name."""
    first = {i.indicator_code: i for i in sorted(inputs, key=lambda i: i.indicator_position)}
    often = Counter(i.indicator_name for i in first.values())
    return [(code, i.indicator_name if often[i.indicator_name] == 1 else f"{i.indicator_name} ({code})") for code, i in first.items()]


def profile_rows(scores: Sequence[IndexScore], inputs: Sequence[IndexInput]) -> list[tuple[IndexScore, list[float | None]]]:
    """Give each city that has a score with its values on the scale, by country and name; ``None`` where it has no figure."""
    scaled = {(i.city_code, i.indicator_code): i.normalised_value for i in inputs}
    codes = [code for code, _ in profile_columns(inputs)]
    shown = sorted((s for s in scores if s.score is not None), key=lambda s: (s.member_name, s.city_name, s.city_code))
    return [(s, [three_digits(scaled.get((s.city_code, code))) for code in codes]) for s in shown]


def table_columns(inputs: Sequence[IndexInput]) -> tuple[TableColumn, ...]:
    """Give the columns of a table of profiles."""
    return TableColumn("city", "City"), TableColumn("member", "Country"), *(TableColumn(code, name, NUMBER) for code, name in profile_columns(inputs))


def profiles_table(title: str, scores: Sequence[IndexScore], inputs: Sequence[IndexInput], *, notes: tuple[str, ...], view: View) -> TableSpec:
    """Describe each city by its indicators on the scale, side by side and in no order of value; there is no rank in it."""
    rows = tuple((s.city_name, s.member_name, *(shown_number(v) for v in values)) for s, values in profile_rows(scores, inputs))
    return TableSpec(title, table_columns(inputs), rows, notes, view)
