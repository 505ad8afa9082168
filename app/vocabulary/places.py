"""Where an organisation is, as far as CLDR has no word for it, in several languages.

General vocabulary only, never anybody's name. Folded (`app.name.names.fold`) or in Cyrillic; the
first of each row, in English, stands for all.
"""

# Inhabitants and adjectives that are neither a country's nor its language's name, and wider
# regions (UN M49).
FROM = {
    "ES": "spanish espanola espanol spanischen espanoles espanolas spagnola",
    "FR": "french francais francaise francaises franzosische francesa francese",
    "DE": "german deutsche deutscher deutsches allemande aleman tedesca alemana allemand"
    " deutschen tedesco",
    "IT": "italian italiana italiano italiens italienne italienische italien",
    "GB": "uk british britain english england scottish scotland wales welsh britannique gb"
    " kingdom britanica",
    "NL": "dutch nederlandse nederlands holland netherlands",
    "PT": "portuguese portuguesa portugues portugaise portugiesische portoghese",
    "PL": "polish polskie polska polski polonaise polnische",
    "CH": "swiss suisse schweizerische schweizer svizzera suiza",
    "AT": "austrian osterreichische osterreichischer autrichienne osterreichisches austriaca",
    "SE": "swedish svenska svensk sveriges schwedische suedoise",
    "NO": "norwegian norsk norske norges norvegienne norwegische",
    "DK": "danish dansk danske danmarks danoise danische",
    "FI": "finnish suomen suomalainen finlandaise finska finnische",
    "IE": "irish irlandaise",
    "GR": "greek hellenic grecque griechische",
    "TR": "turkish turk turkiye turque turkische",
    "RU": "russian russe российский российская российское russische rusa россии русский",
    "UA": "ukrainian украинский український українська",
    "CZ": "czech ceska ceske cesky tcheque tschechische",
    "SK": "slovak slovenska slovaque slowakische",
    "HU": "hungarian magyar hongroise ungarische",
    "RO": "romanian romana roumaine",
    "US": "us usa american americana americain americaine amerikanische americano",
    "CA": "canadian canadien canadienne ca canadiense",
    "MX": "mexican mexicana mexicano mexicaine",
    "BR": "brazilian brasileira brasileiro brasil brasilena bresilienne",
    "AR": "argentine argentina",
    "CL": "chilean chilena chileno",
    "CO": "colombian colombiana colombiano",
    "CR": "costarricense",
    "PE": "peruvian peruana peruano",
    "CN": "chinese chine",
    "JP": "japanese japon nippon nihon",
    "KR": "korea korean coreenne",
    "IN": "indian inde",
    "PK": "pakistani",
    "AU": "australian",
    "NZ": "zealand",
    "IR": "iranian persian",
    "IL": "israeli",
    "EG": "egyptian",
    "NG": "nigerian",
    "ZA": "southafrica",
    "VN": "vietnamese",
    "TH": "thai",
    "TW": "taiwanese",
    "SA": "saudi",
    "PH": "filipino philippine filipina",
    "AZ": "azeri azerbaycan azerbaidjanais азербайджанский азербайджана",
    "LV": "latvian latvijas",
    "LT": "lithuanian lietuvos",
    "EE": "estonian eesti",
    "HR": "croatian hrvatsko hrvatska hrvatske hrvatski",
    "RS": "serbian srbije srpski serbe",
    "SI": "slovenian slovenije slovenski",
    "CU": "cuban",
    "BE": "belgian belge",
    "150": "europe european europeenne europeen europea europeo europaische europeia europeiske"
    " europejska evropska avropa avrupa европейский europeens europaischer",
    "142": "asia asian asie asiatique asiatica asya",
    "002": "africa african africaine africain afrique africana afrika africano afrikanische",
    "019": "latinamerica americas latinoamericana latinoamericano latinoamerica latinoamerican"
    " iberoamericana iberoamericano iberoamerica iberoamerican lateinamerika",
    "001": "global world worldwide",
    "021": "northamerica",
    "005": "southamerica sudamericana sudamerica sudamericano",
    "013": "centralamerica centroamericana centroamerica centroamericano",
}  # fmt: skip

# Where within a country or a continent: as telling as a word of one's own.
DIRECTIONS = {
    "north": "northern nord norte",
    "south": "southern sud sul sudliche",
    "east": "eastern est ost este oriental orientale",
    "west": "western ouest oeste occidental",
}  # fmt: skip

# Places of several words, which say something else each by itself.
PHRASES = {
    "latinamerica": "latin america; latin american; amerique latine; america latina;"
    " ibero american; ibero america; ibero americana; latino americana",
    "northamerica": "north america; north american; amerique du nord; america del norte",
    "southamerica": "south america; south american; amerique du sud; america do sul;"
    " america del sur",
    "centralamerica": "central america; central american; amerique centrale; america central",
    "southafrica": "south africa; south african; afrique du sud; suid afrika; sud africain",
    "uk": "united kingdom; great britain; royaume uni; reino unido; regno unito",
    "usa": "united states of america; united states; etats unis; estados unidos; u s a; u s",
}  # fmt: skip
