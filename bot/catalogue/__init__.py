"""Reads `prompts/forms/*.toml` into forms and `prompts/narrative/` into guides.

A file that cannot be used is refused with all its faults at once.
"""

from bot.catalogue.forms import FORM, find_form, form_names, load_form
from bot.catalogue.guides import load_guides
from bot.local import CatalogueError

__all__ = ["FORM", "CatalogueError", "find_form", "form_names", "load_form", "load_guides"]
