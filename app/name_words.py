"""What the words of organisations' names weigh, and which say the same in several languages.

Most names are made of few words: what it is (a society), of what (of nutrition), where (Spanish),
and only sometimes something of their own. What it is hardly tells two organisations apart, and is
the first thing that is translated or left out.
"""

from functools import cache, lru_cache
from typing import NamedTuple

from babel import Locale

from app import countries
from app.names import fold

# What an organisation is.
_KINDS = {
    "university": "univ universite universidad universidade universita universitat universiteit"
    " universitas univerzita universitatea uniwersytet univerzitet universitet universitaet"
    " universitesi universities uczelnia sveuciliste universitario college colleges"
    " hochschule fachhochschule hogeschool uciliste akademi academy academia akademie academie"
    " accademia akademia akademija school schools ecole ecoles escuela escola scuola schule skola"
    " haute alta polytechnic politecnico polytechnique",
    "institute": "inst institut instituto istituto instytut institutul institutt institution"
    " institutes institucion centre center centers centres centro centrum zentrum centar ctr"
    " laboratory laboratoire laboratorio laboratories unit unite department dept departement"
    " departamento departament facility facilities office bureau faculty facultad",
    "foundation": "fondation fundacion fundacao fondazione stiftung stiftelse stiftelsen fonden"
    " stichting fundacja nadace fund funds fonds fondo fundo trust endowment fundatia vakfi"
    " saatio saatioe fundacio zaklada philanthropic charitable charity",
    "association": "assn assoc asso asociacion associacao associazione associacio asociatia"
    " associations society societies soc societe sociedad sociedade societa societat gesellschaft"
    " verein vereniging forening foreningen dernegi dernek selskab selskap seura yhdistys union"
    " unio unione federation federacion federacao federazione foederation fed verband verbund"
    " alliance alianza network reseau red rede rete netzwerk council conseil consejo conselho"
    " consiglio rat raad committee comite comitato comissao commission comision confederation"
    " league ligue liga club group groupe grupo gruppo grup grups gruppe forum consortium coalition"
    " partnership community societat towarzystwo drustvo stowarzyszenie organization organisation"
    " organizations organisations organizacion organizacao organizzazione org orgs ngo ong"
    " initiative platform",
    "ministry": "ministere ministerio ministerium ministero minister ministries agency agence"
    " agencia agenzia agentur directorate authority government govt gouvernement gobierno governo"
    " administration state service services municipality kommun kommune city",
    "company": "corporation corp company co inc ltd limited llc plc gmbh ag sa srl holdings"
    " holding incorporated bv group solutions industries works manufacturing mfg pte pty",
    "international": "intl int internationale internacional internazionale internationaler"
    " internationales mundial mondiale mondial",
    "national": "natl nationale nacional nazionale nationaal federal state public general central"
    " royal regional",
    "for": "pour para per fur fuer voor por in to on with by from au aux em na no zur zum"
    " im dans sur pro til i a an",
    "new": "non governmental profit nonprofit not",
}  # fmt: skip
# What it is about.
_MATTERS = {
    "research": "recherche recherches investigacion pesquisa ricerca ricerche forschung onderzoek"
    " forskning researches researchers recerca",
    "science": "sciences scientific scientifique ciencia ciencias scienza scienze wissenschaft"
    " wissenschaften scientists scientific cientifica scientifica",
    "medicine": "medical medicale medicin medecine medicina medica medicinal medizin medizinische"
    " medics meditsina",
    "health": "sante salud saude salute gesundheit healthcare santa",
    "education": "educational educacion educacao educazione bildung ensino enseignement training"
    " learning",
    "development": "dev developpement desarrollo desenvolvimento sviluppo entwicklung",
    "technology": "technologies tecnologia tecnologias technologie technical technological"
    " tecnologica tecnologico",
    "environment": "environmental environnement ambiente ambiental umwelt",
    "right": "rights droits droit derechos direitos diritti rechte human humains humanos humans",
    "disease": "diseases enfermedad maladie maladies doenca malattia krankheit",
    "cancer": "krebs oncology oncologie oncologia krebshilfe krebsforschung",
    "woman": "women womens femmes femme mujeres mujer mulheres donne frauen",
    "child": "children childrens enfants enfant ninos criancas bambini kinder kids",
    "youth": "jeunes jeunesse joven jovenes juventud giovani jugend young",
    "peace": "paix paz pace frieden",
    "culture": "cultural culturel culturelle kultur cultura culturale",
    "hospital": "hospitals hopital ospedale krankenhaus klinik clinic kliniek clinique clinica"
    " clinical clinicas",
    "engineering": "engineers ingenieria ingegneria ingenierie engenharia",
    "nature": "natural naturelle naturales naturali natura",
    "defence": "defense defensa",
    "labour": "labor",
    "program": "programme programs programmes programa",
    "support": "action aid aide appui help care",
    "family": "families famille familia",
    "memorial": "heritage",
    "life": "living vie vida",
    "economics": "economic economy economics economia economie economique",
    "industry": "industrial industries industrie industria",
    "agriculture": "agricultural agricole agricola",
    "history": "historical histoire historia storia",
    "mathematics": "mathematical mathematique matematica",
    "applied": "angewandte applicata aplicada",
    "energy": "energie energia", "water": "eau agua acqua wasser", "art": "arts arte artes kunst",
    "law": "legal", "policy": "politics political", "social": "sociale sociales societal",
    "information": "informations informacion informatique informatica informatics digital data",
    "communication": "communications media press presse prensa broadcasting",
    "nutrition": "nutricion nutrizione food alimentation", "quality": "qualite calidad",
    "animal": "animals animaux animales tiere", "welfare": "wellbeing bienestar",
    "conservation": "protection proteccion protecao schutz", "rural": "rurale rurales",
    "intelligence": "artificial", "electric": "electrical electricity electronics electronic",
    "machine": "machines machinery mechanical mechanics", "justice": "justicia justica giustizia",
    "democracy": "democratic democratie democracia", "freedom": "liberty libertad liberte freiheit",
    "climate": "climat clima klima", "ocean": "oceans marine sea maritime", "independent": "",
    "community": "communities comunidad communaute", "promotion": "promotional",
    "integrated": "", "iron": "", "steel": "", "library": "biblioteca bibliotheque bibliothek",
    "museum": "musee museo museu", "police": "policia polizei", "prefectural": "prefecture",
    "advanced": "advancement", "study": "studies etudes estudios studi studie",
}  # fmt: skip
# Inhabitants and adjectives that can't be read off a country's name, and wider regions (UN M49).
_FROM = {
    "ES": "spanish espanola espanol spanischen", "FR": "french francais francaise francaises",
    "DE": "german deutsche deutscher deutsches allemande aleman tedesca",
    "IT": "italian italiana italiano italiens italienne", "GB": "uk british britain english england"
    " scottish scotland wales welsh britannique gb kingdom", "NL": "dutch nederlandse nederlands"
    " holland netherlands", "PT": "portuguese portuguesa portugues", "PL": "polish polskie polska",
    "CH": "swiss suisse schweizerische schweizer svizzera", "AT": "austrian osterreichische",
    "SE": "swedish svenska svensk", "NO": "norwegian norsk norske norges",
    "DK": "danish dansk danske danmarks", "FI": "finnish suomen", "IE": "irish",
    "GR": "greek hellenic", "TR": "turkish turk turkiye", "RU": "russian russe",
    "UA": "ukrainian", "CZ": "czech ceska ceske", "SK": "slovak slovenska",
    "HU": "hungarian magyar",
    "RO": "romanian romana", "US": "us usa american americana",
    "CA": "canadian canadien canadienne ca", "MX": "mexican mexicana mexicano",
    "BR": "brazilian brasileira brasileiro brasil",
    "AR": "argentine argentina", "CL": "chilean chilena", "CO": "colombian colombiana colombiano",
    "PE": "peruvian peruana", "CN": "chinese chine", "JP": "japanese japon nippon nihon",
    "KR": "korean korea", "IN": "indian inde", "PK": "pakistani", "AU": "australian",
    "NZ": "zealand", "IR": "iranian persian", "IL": "israeli", "EG": "egyptian", "NG": "nigerian",
    "ZA": "south african", "VN": "vietnamese", "TH": "thai", "TW": "taiwanese", "SA": "saudi",
    "150": "europe european europeenne europeen europea europeo europaische europeia",
    "142": "asia asian asie", "002": "africa african africaine africain afrique africana afrika",
    "019": "latin latina americas iberoamericana", "001": "global world worldwide",
    "CU": "cuban", "RS": "serbian srbije", "HR": "croatian hrvatsko hrvatska",
    "BE": "belgian belge",
}  # fmt: skip
_KIND, _MATTER, _PLACE, _OWN = 0.2, 0.5, 0.4, 1.0
# Letters that languages write differently in words of one root.
_SPELLED = (("ph", "f"), ("y", "i"), ("k", "c"), ("z", "s"), ("qu", "c"), ("th", "t"), ("ae", "e"))
_ROOT = 6


class Word(NamedTuple):
    """`key` is equal for words that say the same; a country's is its code behind an "@"."""

    key: str
    weight: float


@lru_cache(maxsize=50_000)
def word(folded: str) -> Word:
    return _known().get(folded) or Word(_root(folded), _OWN)


def _root(folded: str) -> str:
    plain = folded
    for letters, sound in _SPELLED:
        plain = plain.replace(letters, sound)
    return "".join(a for a, b in zip(plain, plain[1:] + " ", strict=True) if a != b)[:_ROOT]


@cache
def _known() -> dict[str, Word]:
    known: dict[str, Word] = {}
    for words, weight in ((_KINDS, _KIND), (_MATTERS, _MATTER)):
        for plain, others in words.items():
            for one in (plain, *others.split()):
                known.setdefault(one, Word(plain, weight))
    for code, others in _FROM.items():
        known.update({one: Word(f"@{code}", _PLACE) for one in others.split()})
    for language in ("en", "fr", "es", "pt", "de", "it", "nl", "sv", "pl", "tr"):
        territories = Locale(language).territories
        for code in countries.CODES:
            name = fold(territories.get(code, "")).split()
            if len(name) == 1:
                known.setdefault(name[0], Word(f"@{code}", _PLACE))
    return known
