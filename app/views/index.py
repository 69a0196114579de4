"""Index: a recipe's result with what is sure of it; ranks as intervals, scores as bars, what moves a rank, the audit."""

import streamlit as st

from app.components.controls import Controls
from app.components.index_charts import draw_effects, draw_ranks, draw_scores
from app.components.index_trials import TRIAL_COLUMNS, choose_weights, draw_trial
from app.components.tables import draw_table
from app.components.words import plain
from app.readers import ask, explain_since, require_edition, standing_editions
from pipelines.contracts.recipes import recipe_from_text
from pipelines.domain.errors import CitybenchError
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
    group_texts,
    headline,
    inputs_table,
    pair_sentence,
    ranks_table,
    removals_table,
    scores_table,
)
from pipelines.exports.views import View
from pipelines.warehouse.querying_indexes import IndexRecipe, IndexScore

STATES = {"refused": "This recipe was refused, and no number of it is shown.", "no_data": "No city has figures for this recipe."}


def draw_recipe(recipe: IndexRecipe) -> None:
    """Say what the recipe asks, whose it is, and what to know of its choices."""
    st.markdown(plain(recipe.recipe_question))
    adopted = f"adopted by {recipe.recipe_adopter}" if recipe.recipe_adopter else "a working recipe, adopted by nobody"
    st.caption(plain(f"{recipe.recipe_name}, version {recipe.recipe_version}, by {recipe.recipe_author}; {adopted}. {recipe.recipe_note}"))


def rank_notes(recipe: IndexRecipe) -> tuple[str, ...]:
    """Say how intervals and bands came about, and what a rank must not be read as."""
    return (
        f"Each interval holds 90 % of {recipe.n_runs:,} runs in which every unsure choice of the recipe was made anew (seed {recipe.seed}).",
        "Tie bands are cut only where a city stands above the next in 95 % of the runs; within a band the order means nothing.",
        f"Chance of the first places: share of runs among the first {recipe.n_top}. Years, coverage and the weakest declared quality stand beside each score.",
    )


def draw_ranking(recipe: IndexRecipe, scores: list[IndexScore], *, page: Controls, view: View) -> None:
    """Show ranks as intervals with tie bands, or say why there are none."""
    st.subheader("Ranks, as far as they are sure")
    st.markdown(plain(headline(recipe)))
    if not recipe.n_ranked:
        st.info("This recipe ranks nobody: ranking is off unless a recipe turns it on." if not recipe.has_ranking else "No city meets what a rank asks for.",
                icon=":material/info:")  # fmt: skip
        return
    draw_ranks(scores)
    st.caption("Bar: ranks that hold 90 % of the runs. Mark: median rank. Colour changes where a new tie band begins.")
    title = f"{recipe.recipe_name}: ranks as intervals"
    draw_table(ranks_table(title, scores, notes=rank_notes(recipe), view=view), page=page, key="ranks")


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
    draw_table(scores_table(title, scores, notes=notes, view=view), page=page, key="scores")


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
    """Show what moves one city's rank: unsure steps, and what is taken away; and what it rests on."""
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
    inputs = [i for i in ask(page.edition_id, "index_inputs", recipe.recipe_code) if i.city_code == city]
    st.caption(plain("Groups: " + "; ".join(group_texts(ask(page.edition_id, "index_groups", recipe.recipe_code), city)) + "."))
    notes = ("The source cell of each figure is on the pages Compare and City.",)
    draw_table(inputs_table(f"{name}: figures in the index", inputs, notes=notes, view=view), page=page, key="inputs")


def draw_whole(recipe: IndexRecipe, *, page: Controls, view: View) -> None:
    """Show what moves all ranks, and the audit of the method."""
    if recipe.n_ranked:
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


def choose_tables(page: Controls, recipe: IndexRecipe) -> None:
    """Ask how the tables stand; a recipe that ranks nobody lets nobody order its scores."""
    page.table("ranks", RANK_COLUMNS)
    page.table("scores", SCORE_COLUMNS, held="" if recipe.has_ranking else "this recipe ranks nobody")
    tables = (("moves", EFFECT_COLUMNS), ("removals", REMOVAL_COLUMNS), ("inputs", INPUT_COLUMNS), ("effects", EFFECT_COLUMNS), ("audit", AUDIT_COLUMNS))
    for key, columns in (*tables, ("trial", TRIAL_COLUMNS), ("changes", CHANGE_COLUMNS)):
        page.table(key, columns)


def draw_computed(page: Controls, recipe: IndexRecipe) -> None:
    """Show what a recipe came to."""
    scores, inputs = ask(page.edition_id, "index_scores", recipe.recipe_code), ask(page.edition_id, "index_inputs", recipe.recipe_code)
    ranked = [s for s in scores if s.rank_nominal is not None]
    one, other = choose_of_ranks(page, ranked) if len(ranked) > 1 else ("", "")
    choose_tables(page, recipe)
    weighing = choose_weights(page, recipe.recipe_code, inputs) if ranked else None
    others = [e for e in standing_editions() if e != page.edition_id]
    before = page.choose("since", others, label="Since edition") if others else ""
    view = page.settle()
    page.draw("recipe")
    draw_recipe(recipe)
    draw_ranking(recipe, scores, page=page, view=view)
    draw_scoring(recipe, scores, page=page, view=view)
    if len(ranked) > 1:
        draw_pair(recipe, ranked, one, other, page=page, view=view)
    draw_whole(recipe, page=page, view=view)
    if weighing is not None:
        draw_trial(recipe, scores, inputs, weighing, page=page, view=view)
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
