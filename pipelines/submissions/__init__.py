"""The one way in: check, accept, receipt."""
