"""What an organisation is about, in several languages.

General vocabulary only, never anybody's name. Folded (`app.name.names.fold`) or in Cyrillic; the
first of each row, in English, stands for all.
"""

# By what it says.
MATTERS = {
    "research": "recherche recherches investigacion pesquisa ricerca ricerche forschung"
    " onderzoek forskning researches researchers recerca investigaciones forschungs forsknings"
    " исследование исследования исследований arastirma arasdirma tutkimus chercheurs",
    "science": "sciences scientific scientifique ciencia ciencias scienza scienze wissenschaft"
    " wissenschaften scientists cientifica scientifica wissenschaftliche cientifico scientifico"
    " scientifiques wetenschap wetenschappelijk vitenskap vetenskap nauk nauka наука научный"
    " наук elm bilim",
    "medicine": "medical medicale medicin medecine medicina medica medicinal medizin"
    " medizinische medics meditsina medico medicos medecins doctors physicians arzte медицина"
    " медицинский tip tibb geneeskunde medisin",
    "health": "sante salud saude salute gesundheit healthcare santa gezondheid helse halsa"
    " sundhed здоровье здравоохранение saglik saglamliq zdravi zdrowie zdravlje",
    "education": "educational educacion educacao educazione bildung ensino enseignement training"
    " learning onderwijs utdanning utbildning uddannelse образование tehsil egitim obrazovanje"
    " edukacja formation formacion formazione",
    "development": "dev developpement desarrollo desenvolvimento sviluppo entwicklung"
    " ontwikkeling utvikling utveckling udvikling развитие inkisaf kalkinma rozvoj rozwoj razvoj"
    " entwicklungs",
    "technology": "technologies tecnologia tecnologias technologie technical technological"
    " tecnologica tecnologico tecnologie technische technologien techniques технология teknoloji"
    " teknologi teknik technik technique tecnica",
    "environment": "environmental environnement ambiente ambiental umwelt milieu miljo"
    " ympariston ekologiya ecology ecological ecologique ecologia ekoloji cevre okologie"
    " окружающей",
    "right": "rights droits droit derechos direitos diritti rechte human humains humanos humans"
    " hak haklari huquq huquqlari insan prava prawa права прав человека людини menneske"
    " menneskerettigheter rettigheter mensenrechten rechten menschenrechte menschen umani humano"
    " drepturi omului lidska lidskych czlowieka ljudska ihmisoikeus oikeus jogok emberi"
    " rattigheter manskliga",
    "disease": "diseases enfermedad maladie maladies doenca malattia krankheit enfermedades"
    " malattie doencas krankheiten ziekten",
    "cancer": "krebs oncology oncologie oncologia krebshilfe krebsforschung kanker kreft"
    " onkologie",
    "woman": "women womens femmes femme mujeres mujer mulheres donne frauen vrouwen kvinner"
    " kvinnor женщин женщины qadinlar kadin kadinlar kobiet zene zeny feminist feministe"
    " feminista feministas feministes girls filles",
    "child": "children childrens enfants enfant ninos criancas bambini kinder kids kinderen barn"
    " барна детей дети usaq cocuk dzieci deti deca djeca nino infancia infanzia enfance"
    " childhood infantil bornenes",
    "youth": "jeunes jeunesse joven jovenes juventud giovani jugend young jongeren ungdom"
    " молодежь молодежи gencler genclik mlodziezy mladez omladina joves",
    "student": "students etudiants etudiant estudiantes estudiante estudantes studenti studenten"
    " studierende studerende студентов telebe ogrenci studentow pupils",
    "teacher": "teachers enseignants docentes professores insegnanti lehrer leraren larare"
    " laerere учителей muellim ogretmen nauczycieli maestros",
    "journalist": "journalists journalistes periodistas jornalistas giornalisti journalisten"
    " journalister reporters reporter reporteros jurnalistlar jurnalist gazeteciler журналистов"
    " журналист журналисты журналістів dziennikarzy novinaru novinara journalism journalisme"
    " periodismo jornalismo giornalismo journalismus ziaristilor jurnalistilor toimittajat",
    "lawyer": "lawyers avocats abogados advogados avvocati anwalte rechtsanwalte advocaten"
    " advokater адвокатов адвокаты юристов vekiller avukatlar barristers jurists juristes"
    " juristas giuristi juristen attorneys notaries bar barreau abogacia",
    "writer": "writers ecrivains escritores scrittori schriftsteller yazarlar yazicilar"
    " писателей authors auteurs autores autori autoren pisarzy",
    "publisher": "publishers editeurs editores editori verleger uitgevers yayincilar издателей"
    " publishing editorial",
    "worker": "workers travailleurs trabajadores trabalhadores lavoratori arbeiter arbeitnehmer"
    " werknemers arbeidere iscileri isciler isci рабочих трудящихся pracownikow employees",
    "employer": "employers employeurs empleadores empregadores arbeitgeber werkgevers",
    "consumer": "consumers consommateurs consumidores consumatori verbraucher consumenten"
    " forbruker konsument потребителей istehlakci tuketici",
    "refugee": "refugees refugies refugiados rifugiati fluchtlinge vluchtelingen flyktninger"
    " беженцев qacqin multeci uchodzcow asylum asile asilo asyl",
    "migrant": "migrants migrantes migranti migration migrations migracion immigration"
    " immigrants inmigrantes migranten мигрантов migrantov",
    "prisoner": "prisoners prisonniers presos detenuti gefangene prison prisons prisonnier"
    " заключенных mehbus detention detenus",
    "victim": "victims victimes victimas vitimas vittime opfer жертв magdurlari",
    "farmer": "farmers paysans agriculteurs campesinos agricultores contadini bauern fermer"
    " фермеров peasants ciftci rolnikow",
    "patient": "patients pacientes pazienti patienten pasienter пациентов",
    "nurse": "nurses nursing infirmiers infirmieres enfermeria enfermeras enfermagem infermieri"
    " pflege sykepleier",
    "pharmacy": "pharmacies pharmacist pharmacists pharmaceutical pharmaceuticals pharmacie"
    " farmacia farmacias apotheken apotheker farmacie farmaceutica pharmaceutique",
    "psychology": "psychologists psychological psychologie psicologia psicologos psykologi",
    "disabled": "disability disabilities handicap handicapes handicapees discapacidad"
    " deficiencia disabili behinderung behinderte blind aveugles ciegos blinden инвалидов"
    " engelli elil handicapped impairment",
    "election": "elections electoral electorale elecciones eleicoes elezioni wahlen выборов"
    " secki secim vote voters voting",
    "transparency": "transparence transparencia trasparenza transparenz seffafliq seffaflik"
    " прозрачность",
    "corruption": "korruption corrupcion corrupcao corruzione korrupsiya yolsuzluk"
    " anticorruption коррупции",
    "torture": "tortura folter пыток iskence",
    "violence": "violencia violenza gewalt насилия siddet vold",
    "equality": "egalite igualdad igualdade uguaglianza gleichheit gleichstellung equal esitlik"
    " beraberlik likestilling jamstalldhet равенство gender genre genero genere",
    "solidarity": "solidarite solidaridad solidariedade solidarieta solidaritat hemreylik"
    " dayanisma солидарность solidaire solidarnosc solidarnost",
    "citizen": "citizens citoyens citoyenne citoyen ciudadanos ciudadana cidadaos cittadini"
    " vetendas yurttas граждан civic civil civile civique grazhdanskii obywatelska citizenship"
    " sivil civica",
    "expression": "expresion expressao espressione meinung ifade ifadeyi слова speech",
    "access": "acces acceso acesso accesso zugang",
    "open": "ouvert ouverte abierto aberto aperto offen offene acik aciq открытый otvoreni"
    " otwarta",
    "software": "logiciel logiciels programas softwares",
    "security": "securite seguridad seguranca sicurezza sicherheit guvenlik tehlukesizlik"
    " безопасности safety veiligheid sikkerhet",
    "trade": "commerce comercio commercio handel ticaret торговля business commercial",
    "housing": "logement vivienda habitacao abitazione wohnen wonen konut",
    "minority": "minorities minorites minorias minoranze minderheiten azliq azinlik меньшинств",
    "indigenous": "autochtones indigenas indigeni indigene aboriginal natives",
    "religion": "religious religions religieux religiosa religioso church eglise iglesia igreja"
    " chiesa kirche kerk kirke kyrka dini церковь",
    "sport": "sports deporte deportes esporte deportiva sportive sportif спорт spor idman idrett",
    "music": "musique musica musik musiciens musicians musicos musicale muzyka музыка muzik"
    " musiqi",
    "film": "cinema cine kino films cinematographique sinema cinematografia кино",
    "theatre": "theater teatro teatr театр tiyatro teater",
    "language": "languages langue langues lengua lenguas lingua lingue sprache sprachen taal"
    " linguistics linguistique linguistica linguistik язык jezyk",
    "literature": "litterature literatura letteratura literatur edebiyat edebiyyat литература",
    "philosophy": "philosophie filosofia filosofie",
    "book": "books livre livres libro libros livros libri bucher buch boek книг kitap kitab",
    "news": "nouvelles noticias notizie nachrichten nieuws nyheter xeber haber новости",
    "newspaper": "newspapers journaux diarios zeitung zeitungen quotidiens gazeta gazete gazette"
    " periodicos giornali",
    "editor": "editors redacteurs redakteure redakteurer redactores",
    "person": "people persons personnes personas pessoas persone popular peoples",
    "world": "monde mundo mondo welt wereld verden dunya",
    "sustainable": "sustainability durable durabilite sostenible sustentavel sostenibile"
    " sostenibilidad nachhaltigkeit nachhaltige duurzaam baerekraftig ustoichivoe",
    "biology": "biological biologie biologia biologica biologique biologische biosciences",
    "physics": "physique fisica physik physical natuurkunde",
    "chemistry": "chemical chimie quimica chimica chemie chemische",
    "heart": "cardiology cardiologie cardiologia kardiologie cardiac cardiovascular coeur"
    " corazon coracao cuore herz hart hjerte hjarta",
    "diabetes": "diabetis diabete diabetic",
    "surgery": "surgeons surgical chirurgie chirurgia cirugia cirurgia chirurgen chirurgiens",
    "veterinary": "veterinaire veterinaria veterinario veterinarians tierarzte",
    "forest": "forestry foret forets forestal forestale bosques wald forests floresta",
    "fishery": "fisheries fishing peche pesca fischerei",
    "space": "espace espacio espaco spazio raumfahrt aerospace",
    "transport": "transportation transports transporte trasporti verkehr",
    "war": "guerre guerra krieg savas wojny",
    "peace": "paix paz pace frieden vrede fred мир sulh baris pokoj rauha beke",
    "culture": "cultural culturel culturelle kultur cultura culturale cultuur kultura kulttuuri"
    " культура культуры medeniyyet medeniyet",
    "hospital": "hospitals hopital ospedale krankenhaus klinik clinic kliniek clinique clinica"
    " clinical clinicas ziekenhuis sykehus sjukhus больница hastanesi xestexana szpital"
    " hospitalier hospitalario",
    "engineering": "engineers ingenieria ingegneria ingenierie engenharia ingenieur ingenieure"
    " ingenieurs ingenieros engenheiros muhendislik",
    "nature": "natural naturelle naturales naturali natura natur natuur priroda doga tebiet",
    "defence": "defense defensa verteidigung difesa defesa defenders defenseurs defensores"
    " mudafie защиты защита защитников savunma",
    "labour": "labor travail trabajo trabalho lavoro arbeit arbeid emek труда",
    "program": "programme programs programmes programa project projects projet projets proyecto"
    " projeto progetto projekt proje layihe campaign campagne campana campanha campagna kampagne",
    "support": "action aid aide appui help care accion acao azione aktion assistance relief"
    " hilfe hulp hjelp hjalp ayuda ajuda aiuto pomoc помощь помощи yardim apoio apoyo",
    "family": "families famille familia famiglia familias familles familie семья aile rodzina",
    "memorial": "heritage patrimoine patrimonio erbe мемориал memoire memoria memory",
    "life": "living vie vida vita leben leven liv zycie heyat hayat",
    "economics": "economic economy economia economie economique wirtschaft ekonomi okonomi"
    " экономика iqtisadi economica economico economiques wirtschaftsforschung",
    "industry": "industrial industries industrie industria sanayi senaye",
    "agriculture": "agricultural agricole agricola landwirtschaft tarim rolnictwo agronomic",
    "history": "historical histoire historia storia geschichte geschiedenis tarih istoriya",
    "mathematics": "mathematical mathematique matematica mathematik mathematiques matematik",
    "applied": "angewandte applicata aplicada applique appliquee appliquees aplicadas applicate",
    "energy": "energie energia enerji",
    "water": "eau agua acqua wasser vann vatten su voda вода",
    "art": "arts arte artes kunst arti sanat incesenet искусства konst artists artistes artistas"
    " artisti kunstler",
    "law": "legal recht legale juridique juridico legge lois jurisprudence",
    "policy": "politics political politique politica politik politiques politicas siyaset siyasi",
    "social": "sociale sociales societal sozial soziale sosial sosyal социальный sociaal",
    "information": "informations informacion informatique informatica informatics digital data"
    " informacao informazione informatik информация bilgi numerique numerico digitale digitales"
    " donnees datos dados daten dati",
    "communication": "communications comunicacion comunicacao comunicazione kommunikation"
    " iletisim",
    "media": "press presse prensa broadcasting broadcasters medias medios medien prasa basin"
    " metbuat stampa imprensa пресса сми kutlevi pers",
    "nutrition": "nutricion nutrizione food alimentation nutricao ernahrung alimentacion"
    " alimentaire alimentos",
    "quality": "qualite calidad qualita qualidade qualitat",
    "animal": "animals animaux animales tiere animais animali dieren tier hayvan",
    "welfare": "wellbeing bienestar bien benessere wohlfahrt",
    "conservation": "protection proteccion protecao schutz protezione conservacion conservacao"
    " bescherming vern qoruma koruma ochrona ochrany safeguarding",
    "rural": "rurale rurales ruraux",
    "urban": "urbain urbaine urbano urbana urbanas staedtische",
    "intelligence": "artificial inteligencia artificielle artificiale kunstliche",
    "electric": "electrical electricity electronics electronic electronique electricite",
    "machine": "machines machinery mechanical mechanics",
    "justice": "justicia justica giustizia gerechtigkeit rettferdighet adalet edalet"
    " справедливость sprawiedliwosc gerechtigheid judicial judiciary judges juges magistrats"
    " jueces",
    "democracy": "democratic democratie democracia democrazia demokratie demokrasi demokratiya"
    " демократия демократии demokrati demokracja democratique demokratische",
    "freedom": "liberty libertad liberte freiheit freedoms libertes libertades liberdade liberta"
    " frihet vrijheid свобода свободы azadliq ozgurluk free wolnosc svoboda sloboda liberties",
    "climate": "climat clima klima iklim iqlim climatique klimat",
    "ocean": "oceans marine sea maritime",
    "independent": "independant independants independiente independientes independente"
    " indipendente unabhangige uavhengig bagimsiz musteqil независимый независимых niezalezny",
    "community": "communities comunidad communaute comunidade comunita gemeinschaft gemeinde",
    "promotion": "promotional promocion promocao promozione forderung",
    "integrated": "",
    "iron": "",
    "steel": "",
    "library": "biblioteca bibliotheque bibliothek libraries librarians bibliotheken kutuphane"
    " kitabxana bibliotek библиотека bibliothecaires",
    "museum": "musee museo museu museums musees museos музей muzesi muzeyi muzeum museet",
    "police": "policia polizei polis polizia",
    "prefectural": "prefecture",
    "advanced": "advancement avances avancees superior superieure superieur superiore",
    "study": "studies etudes estudios studi studie estudos studien studier etude studia",
    "monitoring": "monitor watch surveillance monitorinq izleme beobachtung",
    "fight": "lutte lucha luta lotta kampf борьбы mubarize",
}  # fmt: skip
