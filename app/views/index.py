"""Index: a recipe's result with what is sure of it; ranks as intervals, scores as bars, what moves a rank, the audit."""

import streamlit as st

from app.components.controls import Controls
from app.components.index_charts import draw_effects, draw_profiles, draw_ranks, draw_scores
from app.components.index_trials import TRIAL_COLUMNS, choose_weights, draw_trial
from app.components.tables import draw_table
from app.components.words import plain
from app.readers import ask, explain_since, require_edition, standing_editions
from pipelines.contracts.recipes import LEAVE_OUT_FROM, recipe_from_text
from pipelines.domain.errors import CitybenchError
from pipelines.exports.index_profiles import profile_text, profiles_table, sureness_text, table_columns
from pipelines.exports.index_tables import (
    AUDIT_COLUMNS,
    CHANGE_COLUMNS,
    EFFECT_COLUMNS,
    INPUT_COLUMNS,
    RANK_COLUMNS,
    REMOVAL_COLUMNS,
    SCORE_COLUMNS,
    audit_table,
    changes_table,
    effects_table,
    group_columns,
    groups_table,
    headline,
    inputs_table,
    levels_text,
    pair_sentence,
    ranks_table,
    removals_table,
    scores_table,
)
from pipelines.exports.views import View
from pipelines.warehouse.querying_indexes import GroupScore, IndexInput, IndexRecipe, IndexScore

STATES = {"refused": "This recipe was refused, and no number of it is shown.", "no_data": "No city has figures for this recipe."}


def draw_recipe(recipe: IndexRecipe) -> None:
    """Say what the recipe asks, whose it is, and what to know of its choices."""
    st.markdown(plain(recipe.recipe_question))
    adopted = f"adopted by {recipe.recipe_adopter}" if recipe.recipe_adopter else "a working recipe, adopted by nobody"
    st.caption(plain(f"{recipe.recipe_name}, version {recipe.recipe_version}, by {recipe.recipe_author}; {adopted}. {recipe.recipe_note}"))


def rank_notes(recipe: IndexRecipe) -> tuple[str, ...]:
    """Say how intervals and bands came about, and what a rank must not be read as."""
    unsure = recipe_from_text(recipe.recipe_text).robustness
    is_beside = unsure is not None and unsure.leave_one_out and recipe.n_indicators < LEAVE_OUT_FROM
    beside = (f"Leaving out one indicator stands beside the intervals and not inside: the index has fewer than {LEAVE_OUT_FROM}.",)
    return (
        *(beside if is_beside else ()),
        f"Each interval holds 90 % of {recipe.n_runs:,} runs in which every unsure choice of the recipe was made anew (seed {recipe.seed}).",
        "Tie bands are cut only where every city above stands above every city below in 95 % of the runs; within a band the order means nothing.",
        "Surely above, surely below: how many of the ranked cities a city stands above, and below, in 95 % of the runs.",
        f"Chance of the first places: share of runs among the first {recipe.n_top}. Years, coverage and the weakest declared quality stand beside each score.",
    )


def draw_ranking(recipe: IndexRecipe, scores: list[IndexScore], *, page: Controls, view: View) -> None:
    """Show ranks as intervals with tie bands, or say why there are none."""
    st.subheader("Ranks, as far as they are sure")
    st.markdown(plain(headline(recipe)))
    st.markdown(plain(sureness_text(recipe)))
    if not recipe.n_ranked:
        st.info("This recipe ranks nobody: ranking is off unless a recipe turns it on." if not recipe.has_ranking else "No city meets what a rank asks for.",
                icon=":material/info:")  # fmt: skip
        return
    draw_ranks(scores)
    st.caption("Bar: ranks that hold 90 % of the runs. Mark: median rank. Colour changes where a new tie band begins.")
    title = f"{recipe.recipe_name}: ranks as intervals"
    draw_table(ranks_table(title, scores, notes=rank_notes(recipe), view=view), page=page, key="ranks")


def draw_profiling(recipe: IndexRecipe, scores: list[IndexScore], *, page: Controls, view: View) -> None:
    """Show each city's indicators side by side where ranks would say too little, and say why."""
    st.subheader("Profiles in place of ranks")
    st.info(plain(profile_text(recipe)), icon=":material/info:")
    st.markdown(plain(f"{headline(recipe)} {sureness_text(recipe)}"))
    inputs, is_distance = ask(page.edition_id, "index_inputs", recipe.recipe_code), recipe_from_text(recipe.recipe_text).scale.scale == "oecd_distance"
    draw_profiles(scores, inputs, is_distance=is_distance)
    notes = (
        f"Each figure on the scale of the recipe{', a distance still to go: lower is better' if is_distance else ': higher is better'}. Two dots: no figure.",
        "Cities stand by country and name; this order is no ranking.",
        profile_text(recipe),
    )
    title = f"{recipe.recipe_name}: profiles"
    draw_table(profiles_table(title, scores, inputs, notes=notes, view=view), page=page, key="profiles")


def draw_scoring(recipe: IndexRecipe, scores: list[IndexScore], *, page: Controls, view: View) -> None:
    """Show every score with its worst and best case, by country and name."""
    st.subheader("Scores, with worst and best case")
    scale = recipe_from_text(recipe.recipe_text).scale
    draw_scores(scores, ends=(scale.low, scale.high) if recipe.has_fixed_bar else None)
    sure = "the ends of the scale" if recipe.has_fixed_bar else "the lowest and highest value of any city, since this scale has no ends"
    notes = (
        f"Worst and best case give every missing indicator {sure}; a city that sends less has a longer bar, never a better place.",
        "Grey: a thin score, from fewer indicators than a rank asks for. Cities stand by country and name; this order is no ranking.",
    )
    title = f"{recipe.recipe_name}: scores"
    shown = scores_table(title, scores, notes=notes, view=view, has_profiles=bool(recipe.profile_reason))
    draw_table(shown, page=page, key="scores")


def draw_pair(recipe: IndexRecipe, ranked: list[IndexScore], one: str, other: str, *, page: Controls, view: View) -> None:
    """Say whether one city stands above another; no clear difference is an answer."""
    st.subheader("Does one stand above the other?")
    names = {s.city_code: s.city_name for s in ranked}
    left, right = st.columns(2)
    with left:
        page.draw("city")
    with right:
        page.draw("other")
    pair = ask(page.edition_id, "index_pair", recipe.recipe_code, one, other)[0]
    st.markdown(plain(pair_sentence(names[one], names[other], pair, recipe.n_runs or 0)))
    draw_city(recipe, one, names[one], page=page, view=view)


def draw_city(recipe: IndexRecipe, city: str, name: str, *, page: Controls, view: View) -> None:
    """Show what one city's place rests on, and where there are ranks, what moves its own."""
    if not recipe.profile_reason:
        draw_movers(recipe, city, name, page=page, view=view)
    inputs = [i for i in ask(page.edition_id, "index_inputs", recipe.recipe_code) if i.city_code == city]
    notes = ("The source cell of each figure is on the pages Compare and City.",)
    draw_table(inputs_table(f"{name}: figures in the index", inputs, notes=notes, view=view), page=page, key="inputs")


def draw_movers(recipe: IndexRecipe, city: str, name: str, *, page: Controls, view: View) -> None:
    """Show what moves one city's rank: unsure steps, and what is taken away."""
    st.subheader(plain(f"What moves the rank of {name}"))
    effects = ask(page.edition_id, "index_effects", recipe.recipe_code, city)
    if any(e.total_order is not None for e in effects):
        draw_effects(effects)
    else:
        st.info("No choice moves this city: its rank is the same in every run.", icon=":material/info:")
    notes = ("Explains, with others: of the variance of this city's rank over all runs. Steps act together, so these shares add up to more than all.",)
    draw_table(effects_table(f"{name}: what its rank depends on", effects, notes=notes, view=view), page=page, key="moves")
    removals = [r for r in ask(page.edition_id, "index_removals", recipe.recipe_code, city) if r.removed_kind != "city" or r.rank_without != r.rank_nominal]
    notes = ("Places moved when one thing is taken away; other cities are listed where their absence changes the place of this one.",)
    draw_table(removals_table(f"{name}: leaving out one by one", removals, notes=notes, view=view), page=page, key="removals")


def draw_groups(recipe: IndexRecipe, groups: list[GroupScore], *, page: Controls, view: View) -> None:
    """Show the groups of every level with each city's scores; a recipe of indicators straight has none."""
    if not groups:
        return
    st.subheader("Groups, level by level")
    levels = levels_text(recipe_from_text(recipe.recipe_text))
    st.markdown(plain(levels))
    notes = [levels, "A group stands before its members; the weights of one level add up to the whole index. Cities stand by country and name."]
    if any(g.is_group_filled for g in groups):
        notes.append("A group without enough figures takes what the recipe says its peers have; that is no figure of the city.")
    if any(g.group_colour for g in groups):
        notes.append("Colour: by the two indicators of the group that stand worst between their thresholds, from figures alone; grey below half of them.")
    title = f"{recipe.recipe_name}: groups"
    draw_table(groups_table(title, groups, notes=tuple(notes), view=view), page=page, key="groups")


def draw_whole(recipe: IndexRecipe, *, page: Controls, view: View) -> None:
    """Show what moves all ranks, and the audit of the method."""
    if recipe.n_ranked and not recipe.profile_reason:
        st.subheader("What moves the ranks on the whole")
        effects = ask(page.edition_id, "index_effects", recipe.recipe_code)
        draw_effects(effects)
        notes = (
            f"Of the variance of the mean shift of all ranks, from {recipe.n_sensitivity_runs:,} runs on scrambled Sobol points; intervals by resampling runs.",
            "Every step was seen to change the scores in a pilot; a step that changes nothing stops the run.",
        )
        title = f"{recipe.recipe_name}: what the ranks depend on"
        draw_table(effects_table(title, effects, notes=notes, view=view), page=page, key="effects")
    st.subheader("Audit of the recipe")
    audits = ask(page.edition_id, "index_audits", recipe.recipe_code)
    faults = sum(a.audit_verdict not in ("sound", "not_run") for a in audits)
    st.markdown(f"{faults} of {len(audits)} checks found something; {sum(a.audit_verdict == 'not_run' for a in audits)} did not run.")
    notes = ("Limits are recalled from the practice of the Joint Research Centre, not adopted by the forum. A finding is a reason to look, not an error.",)
    draw_table(audit_table(f"{recipe.recipe_name}: audit", audits, notes=notes, view=view), page=page, key="audit")


def draw_changes(recipe: IndexRecipe, scores: list[IndexScore], before: str, *, page: Controls, view: View) -> None:
    """Explain each change of rank since another edition, exactly."""
    st.subheader("Why did ranks change since another edition?")
    if not before:
        st.caption("There is no other edition to compare with yet.")
        return
    page.draw("since")
    try:
        changes = explain_since(before, page.edition_id, recipe.recipe_code)
    except CitybenchError as error:
        st.info(plain(error), icon=":material/info:")
        return
    notes = (
        "Ranks among the cities that both editions rank. Plus is down. Each part is the mean effect over all orders in which the four could have changed; "
        "the parts of a row add up to its change exactly. A change inside the interval is no news.",
    )
    title = f"{recipe.recipe_name}: changes since {before}"
    draw_table(changes_table(title, changes, scores, notes=notes, view=view), page=page, key="changes")


def choose_of_ranks(page: Controls, ranked: list[IndexScore]) -> tuple[str, str]:
    """Ask for the two cities that are held against each other."""
    names = {s.city_code: s.city_name for s in ranked}
    one = page.choose("city", list(names), label="City", spell=lambda c: names[c])
    other = page.choose("other", [c for c in names if c != one], label="Other city", spell=lambda c: names[c], refused=[one])
    return one, other


def choose_tables(page: Controls, recipe: IndexRecipe, inputs: list[IndexInput], groups: list[GroupScore]) -> None:
    """Ask how the tables stand; where the recipe gives no ranks, nobody can order cities by value."""
    held = "" if recipe.has_ranking and not recipe.profile_reason else "this index shows profiles" if recipe.profile_reason else "this recipe ranks nobody"
    if recipe.profile_reason:
        page.table("profiles", table_columns(inputs), held=held)
    else:
        page.table("ranks", RANK_COLUMNS)
        for key, columns in (
            ("moves", EFFECT_COLUMNS),
            ("removals", REMOVAL_COLUMNS),
            ("effects", EFFECT_COLUMNS),
            ("trial", TRIAL_COLUMNS),
            ("changes", CHANGE_COLUMNS),
        ):
            page.table(key, columns)
    page.table("scores", SCORE_COLUMNS, held=held)
    if groups:
        page.table("groups", group_columns(groups), held=held)
    page.table("inputs", INPUT_COLUMNS)
    page.table("audit", AUDIT_COLUMNS)


def ranked_of(recipe: IndexRecipe, scores: list[IndexScore]) -> list[IndexScore]:
    """Cities to choose from; where ranks are not shown, not in their order either."""
    ranked = [s for s in scores if s.rank_nominal is not None]
    return sorted(ranked, key=lambda s: (s.member_name, s.city_name, s.city_code)) if recipe.profile_reason else ranked


def draw_computed(page: Controls, recipe: IndexRecipe) -> None:
    """Show what a recipe came to."""
    scores, inputs = ask(page.edition_id, "index_scores", recipe.recipe_code), ask(page.edition_id, "index_inputs", recipe.recipe_code)
    groups, ranked = ask(page.edition_id, "index_groups", recipe.recipe_code), ranked_of(recipe, scores)
    one, other = choose_of_ranks(page, ranked) if len(ranked) > 1 else ("", "")
    choose_tables(page, recipe, inputs, groups)
    weighing = choose_weights(page, recipe.recipe_code, inputs) if ranked and not recipe.profile_reason else None
    others = [] if recipe.profile_reason else [e for e in standing_editions() if e != page.edition_id]
    before = page.choose("since", others, label="Since edition") if others else ""
    view = page.settle()
    page.draw("recipe")
    draw_recipe(recipe)
    (draw_profiling if recipe.profile_reason else draw_ranking)(recipe, scores, page=page, view=view)
    draw_scoring(recipe, scores, page=page, view=view)
    draw_groups(recipe, groups, page=page, view=view)
    if len(ranked) > 1:
        draw_pair(recipe, ranked, one, other, page=page, view=view)
    draw_whole(recipe, page=page, view=view)
    if weighing is not None:
        draw_trial(recipe, scores, inputs, weighing, page=page, view=view)
    if not recipe.profile_reason:
        draw_changes(recipe, scores, before, page=page, view=view)


def render() -> None:
    edition = require_edition().edition_id
    st.title("Index")
    page = Controls("index", "Index", edition)
    recipes = {r.recipe_code: r for r in ask(edition, "index_recipes")}
    if not recipes:
        page.settle()
        st.info("This edition has no recipe of an index.", icon=":material/info:")
        return
    code = page.choose("recipe", list(recipes), label="Recipe", spell=lambda c: f"{recipes[c].recipe_name} · version {recipes[c].recipe_version}")
    recipe = recipes[code]
    if recipe.recipe_state == "computed":
        draw_computed(page, recipe)
    else:
        page.settle()
        page.draw("recipe")
        draw_recipe(recipe)
        st.warning(plain(f"{STATES[recipe.recipe_state]} {recipe.recipe_reason}"), icon=":material/block:")
    with st.expander(f"The recipe as written, version {recipe.recipe_version}"):
        st.code(recipe.recipe_text, language="yaml")
        st.download_button(
            "Recipe", recipe.recipe_text, f"{code}-{recipe.recipe_version}.yaml", "application/yaml", on_click="ignore", icon=":material/download:"
        )
        st.caption(f"SHA-256 {recipe.recipe_sha256}. This view's address names the recipe and the edition, which never change.")


if __name__ in ("__main__", "__page__"):
    render()
