"""Which column of a list holds what of an organisation, by the headings people give them."""

import re

from app import i18n
from app.sheets import Sheet

# The headings that lists give their columns, in the languages of the interface and others.
HEADINGS: dict[str, tuple[str, ...]] = {
    "name": ("name", "organisation", "organization", "organisation name", "organization name",
             "name of organisation", "name of organization", "institution", "ngo", "nom",
             "nom de l'organisation", "nombre", "organización", "organização", "nome",
             "organizzazione", "название", "организация", "назва", "організація", "ad",
             "təşkilat", "kuruluş", "اسم", "المنظمة", "naam", "organisatie"),
    "names": ("names", "names in other languages", "other languages", "translations"),
    "aliases": ("aliases", "alias", "other names", "further names", "also known as", "aka",
                "former names", "alternative names", "autres noms", "otros nombres"),
    "acronym": ("acronym", "abbreviation", "short name", "abkürzung", "kürzel", "sigle", "acronyme",
                "siglas", "sigla", "аббревиатура", "сокращение"),
    "domains": ("domains", "domain", "mail domain", "email domain"),
    "website": ("website", "web site", "web", "site", "url", "homepage", "home page", "link",
                "web address", "site web", "site internet", "sitio web", "página web", "webseite",
                "internetseite", "sito", "сайт", "веб сайт", "الموقع"),
    "country": ("country", "country code", "land", "pays", "país", "paese", "страна", "країна",
                "ölkə", "ülke", "البلد", "الدولة"),
    "category": ("category", "type", "kind", "group", "sector", "type of organisation",
                 "type of organization", "catégorie", "categoría", "kategorie", "категория", "тип"),
    "sort_key": ("sort key", "sorted as", "sort as", "sort name"),
    "contact_name": ("contact name", "contact", "contact person", "representative", "person",
                     "contact's name", "ansprechpartner", "personne de contact", "contacto",
                     "контактное лицо"),
    "contact_role": ("contact role", "role", "position", "job title", "function", "contact's role",
                     "fonction", "cargo", "funktion", "должность"),
    "email": ("email", "e-mail", "mail", "email address", "e-mail address", "contact email",
              "courriel", "correo", "correo electrónico", "эл. почта", "электронная почта",
              "البريد الإلكتروني"),
    "language": ("language", "lang", "langue", "idioma", "sprache", "язык", "dil", "اللغة"),
}  # fmt: skip
# "name (fr)" and "name_fr" are names in that language.
_NAME_IN = re.compile(
    r"(?:name|nom|nombre)[\s_]*[(\s_]([a-z]{2,3}(?:-[A-Za-z0-9]+)?)\)?", re.IGNORECASE
)


def columns_of(sheet: Sheet) -> dict[str, int]:
    """The column of each field, and under "name.fr" that of the names in French."""
    found = {name: sheet.column(*headings) for name, headings in HEADINGS.items()}
    columns = {name: column for name, column in found.items() if column is not None}
    for number, heading in enumerate(sheet.headings):
        named = _NAME_IN.fullmatch(heading.strip())
        if named and i18n.known(named[1]) and number not in columns.values():
            columns.setdefault(f"name.{named[1].lower()}", number)
    return columns
