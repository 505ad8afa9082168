"""What an organisation is, in several languages: the first thing that is translated or left out.

General vocabulary only, never anybody's name. Folded (`app.name.names.fold`) or in Cyrillic; the
first of each row, in English, stands for all.
"""

# By what it says.
KINDS = {
    "university": "univ universite universidad universidade universita universitat universiteit"
    " universitas univerzita universitatea uniwersytet univerzitet universitet universitaet"
    " universitesi universities uczelnia sveuciliste universitario college colleges hochschule"
    " fachhochschule hogeschool uciliste akademi academy academia akademie academie accademia"
    " akademia akademija school schools ecole ecoles escuela escola scuola schule skola haute"
    " alta polytechnic politecnico polytechnique университет університет академия universiteti"
    " akademiyasi yliopisto egyetem universitate ulikool okul okulu mekteb skole школа faculte",
    "institute": "inst institut instituto istituto instytut institutul institutt institution"
    " institutes institucion center centre centers centres centro centrum zentrum centar ctr"
    " laboratory laboratoire laboratorio laboratories unit unite department dept departement"
    " departamento departament facility facilities office bureau faculty facultad institutu"
    " институт інститут центр merkezi merkez keskus kozpont centras senter sentret centrul"
    " observatory observatoire observatorio osservatorio instituut institutet",
    "foundation": "fondation fundacion fundacao fondazione stiftung stiftelse stiftelsen fonden"
    " stichting fundacja nadace fund funds fonds fondo fundo trust endowment fundatia vakfi"
    " saatio saatioe fundacio zaklada philanthropic charitable charity фонд фундация fondu vakif"
    " alapitvany nadacia sihtasutus fondas fondet sjodur philanthropies donations",
    "association": "assn assoc asso asociacion associacao associazione associacio asociatia"
    " associations society societies soc societe sociedad sociedade societa societat"
    " gesellschaft verein vereniging forening foreningen dernegi dernek selskab selskap seura"
    " yhdistys union unio unione federation federacion federacao federazione foederation fed"
    " verband verbund alliance alianza network reseau red rede rete netzwerk council conseil"
    " consejo conselho consiglio rat raad committee comite comitato comissao commission comision"
    " confederation league ligue liga club group groupe grupo gruppo grup grups gruppe forum"
    " consortium coalition partnership community towarzystwo drustvo stowarzyszenie organization"
    " organisation organizations organisations organizacion organizacao organizzazione org orgs"
    " ngo ong initiative platform collective collectif colectivo coletivo collettivo kollektiv"
    " movement mouvement movimiento movimento bewegung syndicate syndicat sindicato sindacato"
    " gewerkschaft unions guild bund vereinigung reseaux networks komitee komite komitesi"
    " ausschuss commissione kommission platforme plataforma piattaforma plattform iniciativa"
    " iniziativa initiativa organizacja organisasjon organisationen teskilati birlik birliyi"
    " birligi ittifaqi ittifaki cemiyyeti cemiyeti assosiasiyasi federasiyasi federasyonu surasi"
    " sebekesi агентство ассоциация общество объединение союз федерация сеть комитет организация"
    " совет альянс движение коалиция асоціація спілка товариство громадська общественная"
    " общественное sdruzeni spolek zwiazek svaz savez udruga udruzenje unija mreza siec asociace"
    " liitto verkosto szovetseg egyesulet asociacija forbund forbundet nettverk natverk netwerk"
    " alianca aliance alleanza allianz bond kring redes",
    "ministry": "ministere ministerio ministerium ministero minister ministries agency agence"
    " agencia agenzia agentur directorate authority government govt gouvernement gobierno"
    " governo administration state service services municipality kommun kommune city"
    " министерство nazirliyi bakanligi ministerie ministerstvo ministerstwo agentura",
    "company": "corporation corp co inc ltd limited llc plc gmbh ag sa srl holdings holding"
    " incorporated bv group solutions industries works manufacturing mfg pte pty",
    "international": "intl int internationale internacional internazionale internationaler"
    " internationales mundial mondiale mondial международный международная международное"
    " beynelxalq uluslararasi miedzynarodowy miedzynarodowa mezinarodni internationaal"
    " internationell internasjonal medunarodni kansainvalinen",
    "national": "natl nationale nacional nazionale nationaal federal state public general"
    " central royal regional национальный национальная milli ulusal narodowy narodni nasjonal"
    " nationell nacionalni kansallinen nemzeti generale generalitat koninklijke royale",
    "for": "pour para per fur fuer voor por in to on with by from au aux em na no zur zum im"
    " dans sur pro til i a an dla za ucun icin untuk для по против against contre contra gegen"
    " sobre avec",
    "doctor": "dr doktor docteur dottore prof professor professeur profesor sir lord lady mr mrs"
    " saint st sainte san santo sao",
    "new": "non governmental profit nonprofit not",
}  # fmt: skip
