"""Countries, their other names and their adjectives, written down from general knowledge.

One line a country: names separated by commas, a bar, then adjectives and names for its people.
An adjective ("Russian") is never a mention of the country: it says of whom something is, not that the
country is spoken of; "US" and "UK" before a noun are mentions, since they are the name itself.
"""

from __future__ import annotations

COUNTRIES = """
Afghanistan | Afghan
Albania | Albanian
Algeria | Algerian
Andorra | Andorran
Angola | Angolan
Argentina | Argentine, Argentinian
Armenia | Armenian
Australia | Australian
Austria | Austrian
Azerbaijan | Azerbaijani
Bahrain | Bahraini
Bangladesh | Bangladeshi
Belarus | Belarusian, Belarussian
Belgium | Belgian
Belize | Belizean
Benin | Beninese
Bhutan | Bhutanese
Bolivia | Bolivian
Bosnia and Herzegovina, Bosnia-Herzegovina, Bosnia | Bosnian
Botswana | Botswanan
Brazil | Brazilian
Brunei | Bruneian
Bulgaria | Bulgarian
Burkina Faso | Burkinabe
Burundi | Burundian
Cambodia | Cambodian
Cameroon | Cameroonian
Canada | Canadian
Cape Verde | Cape Verdean
Central African Republic | Central African
Chad | Chadian
Chile | Chilean
China, People's Republic of China, PRC | Chinese
Colombia | Colombian
Congo, Democratic Republic of the Congo, Democratic Republic of Congo, DRC, Zaire | Congolese, Zairean
Costa Rica | Costa Rican
Croatia | Croatian, Croat
Cuba | Cuban
Cyprus | Cypriot
Czech Republic, Czechia | Czech
Denmark | Danish, Dane
Djibouti | Djiboutian
Dominican Republic | Dominican
East Timor, Timor-Leste | Timorese
Ecuador | Ecuadorian, Ecuadorean
Egypt | Egyptian
El Salvador | Salvadoran, Salvadorean
Equatorial Guinea | Equatorial Guinean
Eritrea | Eritrean
Estonia | Estonian
Eswatini, Swaziland | Swazi
Ethiopia | Ethiopian
Fiji | Fijian
Finland | Finnish, Finn
France | French, Frenchman
Gabon | Gabonese
Gambia | Gambian
Georgia | Georgian
Germany, West Germany, East Germany | German, West German, East German
Ghana | Ghanaian
Greece | Greek
Grenada | Grenadian
Guatemala | Guatemalan
Guinea | Guinean
Guinea-Bissau | Bissau-Guinean
Guyana | Guyanese
Haiti | Haitian
Honduras | Honduran
Hungary | Hungarian
Iceland | Icelandic, Icelander
India | Indian
Indonesia | Indonesian
Iran, Islamic Republic of Iran | Iranian
Iraq | Iraqi
Ireland, Republic of Ireland | Irish, Irishman
Israel | Israeli
Italy | Italian
Ivory Coast, Côte d'Ivoire | Ivorian
Jamaica | Jamaican
Japan | Japanese
Jordan | Jordanian
Kazakhstan | Kazakh, Kazakhstani
Kenya | Kenyan
Kosovo | Kosovar, Kosovan
Kuwait | Kuwaiti
Kyrgyzstan, Kyrgyz Republic | Kyrgyz
Laos | Laotian, Lao
Latvia | Latvian
Lebanon | Lebanese
Lesotho | Basotho
Liberia | Liberian
Libya | Libyan
Liechtenstein | Liechtensteiner
Lithuania | Lithuanian
Luxembourg | Luxembourgish, Luxembourger
Madagascar | Malagasy
Malawi | Malawian
Malaysia | Malaysian
Maldives | Maldivian
Mali | Malian
Malta | Maltese
Mauritania | Mauritanian
Mauritius | Mauritian
Mexico | Mexican
Moldova | Moldovan
Monaco | Monegasque
Mongolia | Mongolian
Montenegro | Montenegrin
Morocco | Moroccan
Mozambique | Mozambican
Myanmar, Burma | Burmese
Namibia | Namibian
Nepal | Nepalese, Nepali
Netherlands | Dutch, Dutchman
New Zealand | New Zealander
Nicaragua | Nicaraguan
Niger | Nigerien
Nigeria | Nigerian
North Korea, Democratic People's Republic of Korea, DPRK | North Korean
North Macedonia, Macedonia | Macedonian
Norway | Norwegian
Oman | Omani
Pakistan | Pakistani
Palestine | Palestinian
Panama | Panamanian
Papua New Guinea | Papua New Guinean
Paraguay | Paraguayan
Peru | Peruvian
Philippines | Philippine, Filipino
Poland | Polish, Pole
Portugal | Portuguese
Qatar | Qatari
Romania | Romanian
Russia, Russian Federation | Russian
Rwanda | Rwandan
Samoa | Samoan
San Marino | Sammarinese
Saudi Arabia | Saudi, Saudi Arabian
Senegal | Senegalese
Serbia | Serbian, Serb
Seychelles | Seychellois
Sierra Leone | Sierra Leonean
Singapore | Singaporean
Slovakia | Slovak, Slovakian
Slovenia | Slovenian, Slovene
Solomon Islands | Solomon Islander
Somalia | Somali
South Africa | South African
South Korea, Republic of Korea | South Korean, Korean
South Sudan | South Sudanese
Soviet Union, USSR | Soviet
Spain | Spanish, Spaniard
Sri Lanka | Sri Lankan
Sudan | Sudanese
Suriname | Surinamese
Sweden | Swedish, Swede
Switzerland | Swiss
Syria, Syrian Arab Republic | Syrian
Taiwan | Taiwanese
Tajikistan | Tajik
Tanzania | Tanzanian
Thailand | Thai
Togo | Togolese
Tonga | Tongan
Trinidad and Tobago | Trinidadian
Tunisia | Tunisian
Turkey, Türkiye | Turkish, Turk
Turkmenistan | Turkmen
Uganda | Ugandan
Ukraine | Ukrainian
United Arab Emirates, UAE | Emirati
United Kingdom, UK, U.K., Great Britain, Britain, England, Scotland, Wales, Northern Ireland | British, Briton, English, Englishman, Scottish, Scot, Welsh
United States, United States of America, US, U.S., USA, U.S.A., America | American
Uruguay | Uruguayan
Uzbekistan | Uzbek
Vatican, Holy See | Vatican
Venezuela | Venezuelan
Vietnam, Viet Nam | Vietnamese
Yemen | Yemeni
Yugoslavia | Yugoslav, Yugoslavian
Zambia | Zambian
Zimbabwe | Zimbabwean
"""

REGIONAL = "African, Arab, Asian, Balkan, Baltic, Caucasian, European, Latin American, Nordic, Scandinavian, Kurdish, Kurd, Chechen, Tatar, Tibetan, Eurasian, Western, Eastern"


def _cells(side: str) -> list[str]:
    return [name.strip() for name in side.split(",") if name.strip()]


_ROWS = [line.split("|") for line in COUNTRIES.strip().splitlines()]

PLACES: dict[str, str] = {name: _cells(names)[0] for names, _ in _ROWS for name in _cells(names)}
"""Name form -> country under its first name: "Burma" -> "Myanmar"."""

ADJECTIVES: dict[str, str] = {word: _cells(names)[0] for names, words in _ROWS for word in _cells(words)} | {
    word: word for word in _cells(REGIONAL)
}
"""Adjective or name of a people -> country: "Dutch" -> "Netherlands"."""

DEMONYMS = frozenset(
    form
    for word in ADJECTIVES
    for form in (word, word + "s", word.removesuffix("man") + "men" if word.endswith("man") else word)
) - {"Vatican"}
"""Adjectives and peoples, singular and plural: these are no mentions."""
