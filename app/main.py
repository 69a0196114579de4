"""Entry of the app: a router, nothing more."""

from pathlib import Path

import streamlit as st

VIEWS = Path(__file__).parent / "views"

st.set_page_config(page_title="Asian city benchmark", page_icon="🏙️", layout="wide")


def page(name: str, title: str, icon: str, *, default: bool = False) -> st.Page:
    """Register one view as a page."""
    return st.Page(VIEWS / f"{name}.py", title=title, icon=f":material/{icon}:", url_path=None if default else name, default=default)


st.navigation(
    {
        "Explore": [
            page("overview", "Overview", "home", default=True),
            page("compare", "Compare", "bar_chart"),
            page("city", "City", "location_city"),
            page("indicator", "Indicator", "monitoring"),
            page("core_set", "Core set", "checklist"),
            page("goals", "Goals", "flag"),
            page("index", "Index", "leaderboard"),
            page("maturity", "Maturity", "stairs"),
            page("cases", "Cases", "auto_stories"),
            page("about_data", "About the data", "info"),
        ],
        "Contribute": [page("contribute", "Contribute", "upload_file")],
    },
    position="top",
).run()
