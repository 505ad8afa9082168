"""What browser somebody uses, in words short enough to recognise it in a list."""

import re

# In this order: most browsers also name those they descend from.
FAMILIES = (
    ("Edge", r"Edg(e|A|iOS)?/"),
    ("Opera", r"OPR/|Opera"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrom(e|ium)/|CriOS/"),
    ("Safari", r"Safari/"),
)
SYSTEMS = (
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Android", r"Android"),
    ("ChromeOS", r"CrOS"),
    ("Windows", r"Windows"),
    ("macOS", r"Macintosh"),
    ("Linux", r"Linux|X11"),
)


def described(user_agent: str) -> str:
    """ "Firefox, Linux" of a User-Agent header; "" for one that tells nothing known.

    Versions and the rest are left out: they change, and would tell more than is needed.
    """
    found = (
        next((name for name, sign in known if re.search(sign, user_agent)), "")
        for known in (FAMILIES, SYSTEMS)
    )
    return ", ".join(filter(None, found))
