"""Names: children, animals, grown-ups, places; and invented words that no prefix gives away."""

from __future__ import annotations

GIRLS = """
Lily Mia Sue Anna Lucy Sara Emma Ella Amy Molly Rosie Nora Ivy Daisy Zoe Bella Ruby Mary Jane Kate
Alice Grace Clara Nina Maya Lola Tina Lena Luna Millie Poppy Sophie Annie Betty Ellie Hazel Holly
June Leah Lucia Mabel Maggie Olive Penny Polly Sadie Tess Wendy Abby Ada Agnes Alma Amelia Anya
Ava Beatrice Bonnie Bridget Carla Carmen Cecilia Chloe Cora Dana Dora Edith Elena Elise Eliza
Elsie Esme Esther Eva Eve Fern Fiona Flora Freya Gemma Gina Greta Gwen Hannah Harriet Helen Ida
Ines Iris Isla Jasmine Jenny Jill Josie Joy Judy Julia Kayla Kiki Kira Laura Lila Lina Linda Lisa
Liv Lottie Lulu Lydia Maisie Mara Margo Marta Matilda Mei Mila Mina Mira Miriam Nadia Naomi Nell
Nelly Nia Nola Olga Pam Paula Pearl Petra Phoebe Pia Priya Rachel Rita Robin Rosa Roxie Ruth Sally
Selma Sofia Stella Sunny Susie Sylvia Tara Thea Tilly Trudy Uma Vera Viola Willa Winnie Yara
Yasmin Zara Zelda Aisha Amina Bianca Camila Dalia Farah Hana Ingrid Jolene Katya Leila Mariam Nour
Ottilie Paloma Quinn Rania Saskia Tamsin Valentina Wilma Xenia Yuki Zuzu
"""
BOYS = """
Tim Tom Ben Max Sam Jack Leo Billy Joe Bobby Charlie Fred Timmy Oscar Finn Jake Luke Pete Noah
Henry Mark Adam Alex Danny Eddie George Harry Jim Johnny Kevin Mike Nick Oliver Paul Peter Ray Roy
Simon Toby Tommy Will Andy Arlo Arthur Barney Basil Bert Brian Bruno Caleb Carl Casper Cody Colin
Cyrus Dan David Dean Dennis Derek Diego Dylan Eli Elliot Emil Eric Ethan Ezra Felix Frank Gabe
Gary Gilbert Glen Gus Hal Hank Hans Harvey Hugo Ian Igor Isaac Ivan Jasper Jay Jeff Jerome Joel
Jonah Josh Juan Jude Julian Karl Keith Ken Kip Kurt Lars Lenny Levi Liam Lou Louis Malik Marco
Martin Mateo Matt Milo Miles Mo Morris Nat Nate Ned Neil Nico Niles Nolan Ollie Omar Otis Otto
Owen Patrick Percy Phil Quentin Ralph Raj Ravi Reggie Remy Rex Robbie Roger Rohan Roland Ron Ross
Rufus Russell Ryan Samir Scott Sean Seth Sid Stan Steve Sven Tariq Ted Teddy Theo Tony Tyler
Victor Vince Wade Walt Wally Wesley Wyatt Xavier Yusuf Zach Zane Ahmed Anton Bjorn Cedric Darius
Enzo Faris Gideon Hamza Idris Jorge Kenji Lorenzo Mikhail Nasir Orson Pablo Rashid Stefan Tobias
Umar Vikram Winston Yoshi
"""
ANIMALS = """
Spot Buddy Fluffy Pip Nibbles Coco Patches Whiskers Bubbles Ginger Hoppy Honey Mittens Pepper
Peanut Biscuit Cookie Fuzzy Muffin Rusty Scout Shadow Snowy Socks Sparky Sunny Tiny Waffles Bouncy
Brownie Button Chip Chirpy Clover Cocoa Copper Dash Dusty Fidget Flash Flick Freckles Frisky Fudge
Goldie Grumble Jingles Juniper Licorice Mango Marbles Maple Midnight Minty Misty Mocha Noodle
Nutmeg Oats Paddy Paws Pebble Pickles Pinecone Pogo Pokey Popcorn Prickles Pudding Puddles
Quackers Quill Rascal Ripple Rolo Scamper Scruffy Skipper Smudge Sniffles Snuggles Splash Sprout
Squeaky Stripes Swifty Tango Thistle Thumper Tickles Toffee Truffle Tumble Twig Twinkle Velvet
Waddles Wags Wiggles Zigzag Ziggy Bramble Buttons Cricket Domino Echo Fern Gizmo Inky Kiwi Moss
Nugget Pippin Saffron Tuppy Umber Wobbles Yoyo Zippy Acorn Bristle Cinnamon Dapple Ember Figgy
"""
SURNAMES = """
Brown Green Smith White Gray Black Bell Hill Baker Jones Miller Wood Finch Rose Cook Fisher Fox
King Lane Parker Potter Reed Rivers Stone Taylor Turner Walker Ward Webb West Young Applegate
Barnaby Barley Beans Berry Birdwhistle Blossom Bloom Bramble Briggs Button Butterworth Carter
Chandler Clay Clover Crabtree Crumb Dale Darling Dobbs Doyle Drummond Elder Ellery Fairweather
Featherstone Figg Flint Garland Gibbs Goodwin Greenleaf Grubb Hammond Harper Hartley Hobbs
Honeywell Hopper Jolly Kettle Kipling Lark Lemon Lightfoot Linden Marsh Mayberry Mellow
Merriweather Moon Moss Muddle Nettle Nightingale Norton Oakley Odell Olson Osgood Owens Paddock
Park Partridge Patel Peabody Pebble Penhaligon Pepper Perkins Pickle Pinter Plum Pringle Puddle
Quick Quimby Radish Ramsey Rowan Rumble Rusk Sage Sandoval Sharp Shepherd Silva Snow Sparrow
Spencer Spindle Sprout Sterling Strand Swan Tanaka Teasdale Thorn Thistlewood Tibbs Toothill
Trotter Tucker Twigg Underhill Vance Vaughn Waddle Wagstaff Warbler Weaver Whistler Wick
Wigglesworth Winkle Winter Woolly Wren Yates Yarrow Zimmer
"""
TOWNS = """
Greenfield Willowbrook Sunnydale Mapleton Riverside Oakville Pebble_Bay Apple_Hill Brookside
Cherry_Lane Daisy_Hill Elm_Street Foxglove_Farm Honey_Creek Juniper_Lane Lakewood Maple_Street
Millbrook Mossy_Hollow Northfield Owl_Wood Pine_Ridge Pumpkin_Lane Rabbit_Hill Rosewood
Sandy_Point Silver_Lake Stonebridge Thistle_Down Turtle_Bay Whispering_Woods Windy_Hill
Barley_Green Birchwood Bluebell_Valley Buttercup_Meadow Cedar_Falls Clover_Hill Copper_Canyon
Crabapple_Cove Duckport Featherby Ferndale Goosebury Harborview Hazelton Lambswell Larkspur
Marigold_Street Nettleton Oystermouth Penny_Lane Plumstead Quarry_Lane Rainbow_Falls Seal_Rock
Snowdrop_Square Tinker_Town Umberleigh Violet_Valley Wheatley Yellow_Mill
"""

# Words made up for a control. Those of a row begin alike, are drawn with equal probability each
# time one is mentioned, whatever stands before, and part ways at the letter after the prefix (the
# dot). No other word of the corpus begins so: after the prefix nobody can know more than "one of
# eight". Creatures are common nouns, places are capitalised in the text.
_CREATURES = """
zor.bin zor.alu zor.ketch zor.imp zor.ool zor.napple zor.vet zor.dith
quib.ora quib.elt quib.undle quib.nack quib.arsh quib.stow quib.lin quib.ith
vlim.ock vlim.eth vlim.arra vlim.ubber vlim.skin vlim.poole vlim.ix vlim.dray
drax.el drax.on drax.illy drax.adoo drax.ume drax.tle drax.pen drax.muth
jolv.en jolv.ar jolv.ish jolv.ott jolv.ufu jolv.mink jolv.sprit jolv.decker
sneb.ula sneb.ort sneb.ark sneb.ingo sneb.elow sneb.trap sneb.lick sneb.wim
thrub.le thrub.ant thrub.osk thrub.ery thrub.ix thrub.ush thrub.dow thrub.mel
wozz.ard wozz.let wozz.ick wozz.orn wozz.eb wozz.ump wozz.tail wozz.by
glof.ern glof.ill glof.adge glof.ost glof.unk glof.tane glof.mire glof.by
krem.ish krem.opp krem.alou krem.etty krem.ut krem.dale krem.lark krem.sy
"""
_PLACES = """
velm.ora velm.ith velm.ana velm.ethy velm.ust velm.dor velm.shire velm.bay
ondr.asil ondr.eth ondr.ium ondr.onna ondr.uva ondr.ylle ondr.stead ondr.wick
ulth.ar ulth.omb ulth.ique ulth.enna ulth.ulo ulth.burg ulth.ley ulth.mere
yarb.ona yarb.eck yarb.ali yarb.ight yarb.ury yarb.low yarb.ton yarb.stone
ixt.apor ixt.ember ixt.iva ixt.olan ixt.urra ixt.wold ixt.mouth ixt.ly
farb.eston farb.undy farb.ost farb.ilkin farb.anza farb.leigh farb.dun farb.scar
"""


def _rows(text: str) -> dict[str, tuple[str, ...]]:
    rows = {}
    for line in text.split("\n"):
        words = line.split()
        if words:
            rows[words[0].partition(".")[0]] = tuple(word.replace(".", "") for word in words)
    return rows


UNGUESSABLE_CREATURES = _rows(_CREATURES)
UNGUESSABLE_PLACES = _rows(_PLACES)

UNGUESSABLE_WORDS: dict[str, tuple[str, ...]] = UNGUESSABLE_CREATURES | UNGUESSABLE_PLACES
"""Prefix to its eight invented words, lower-cased: a floor for claims about word endings.

Each mention is an independent uniform draw, so after the prefix a model can know no more than that
the eight are equally likely; once the next letter is known the rest is certain.
"""
