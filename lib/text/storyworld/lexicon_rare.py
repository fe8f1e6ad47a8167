"""The long tail of things and creatures; they share a small part of their class's weight evenly."""

from __future__ import annotations

RARE_THINGS = {
    "toy": """
abacus bobblehead bouncer castanet clapper climbing_frame diabolo dreidel finger_puppet gyroscope
handbell hula_hoop jumping_jack juggling_pin lasso maraca marionette mouth_organ nesting_doll
noisemaker ocarina paddleball pan_flute peashooter penny_whistle pushcart quoit rainstick
roller_skate shuttlecock skipping_rope skittle squeaker stick_horse sock_puppet tin_soldier
toy_theater triangle tumbler unicycle windup_mouse wobble_board zither cymbal bongo
""",
    "tool": """
adze auger awl besom blowpipe bodkin brace caliper cleaver cleat crampon cutter dibber divot dowel
eyedropper fire_poker forceps gimlet grindstone grappling_hook handsaw hacksaw hatchet jackknife
jigger lathe mallet mattock micrometer monocle mortar nozzle nutcracker pestle pincer planer
plumb_line plunger punch rasp ratchet riddle_sieve roller scale scoop scraper scythe sharpener
snuffer socket spanner sprinkler squeegee stapler strainer stepladder swatter tack trellis
tuning_fork turnstile vise whetstone winnower wire_brush wok
""",
    "cloth": """
anorak balaclava beanie blazer blouse boa bolero bootlace bowler camisole cassock chemise corsage
cravat cufflink culotte cummerbund doublet duffel_coat earring epaulet fedora fleece frock gaiter
galosh garland garter headband hairpin headdress hoodie jerkin jersey kaftan kerchief kimono lapel
leotard loafer mackintosh muff neckerchief nightcap nightshirt onesie overshoe pantaloon parka
pinafore plume pullover ruff rucksack sari sarong scrunchie shoelace singlet smock snood sombrero
stocking stole sundress suspender sweatshirt tassel toga top_hat trench_coat turtleneck tutu
undershirt visor wellington windbreaker wristband wristwatch
""",
    "keepsake": """
album almanac amulet anklet arrowhead atlas autograph bangle barrette bauble bead bottle_cap
brochure bust button calculator cameo catalog charm chessboard chime cipher clasp coaster cockle
comb conch coupon crest cutout daguerreotype decanter decoy diorama doily emblem encyclopedia
etching fable figure film flyer folder fresco garnet geode gramophone guidebook hairbrush handbook
hologram horseshoe icon invitation keyhole leaflet lexicon limerick lyre manual manuscript
mandolin mascot menu metronome miniature mosaic novel notepad nutshell obelisk opener orrery
parchment passbook pastel patchwork pendulum permit phonograph placard playbill pocketwatch poem
postmark pouch prism program quartz questionnaire receipt relic replica report rosette rulebook
saddle scepter scroll sextant shilling sketch slide_rule snapshot spyglass storybook sticker_sheet
talisman tapestry teaspoon telegram textbook thesaurus timetable tome topaz turquoise_stone urn
valentine viola voucher yearbook zodiac_chart
""",
    "furniture": """
bassinet buffet bureau chaise davenport divan easy_chair futon gateleg_table hearth hearthrug
hutch icebox kiln lampshade lectern loveseat mantelpiece newel pantry_shelf partition pedestal pew
playpen pouf quilt_rack recliner rocking_chair room_divider settee shower_stall sofa_bed
spinning_wheel step_stool swivel_chair towel_rack tuffet umbrella_rack vanity washbasin
water_cooler workbench
""",
    "foodthing": """
acorn_cake almond_bun anchovy bagel_chip baguette bonbon bouillon_cube brioche bratwurst_roll
brazil_nut breadstick calzone canape cantaloupe caper caramel_apple carob chapati chickpea
chive_roll chutney_pot clementine cobbler corncob cornflake courgette crabapple cracknel
cream_puff croquette crouton currant dim_sum eclair elderberry empanada enchilada endive falafel
fennel_bulb fishball flan frankfurter fruitcake gherkin gnocchi grissini guava hazelnut_bar
honeydew huckleberry jackfruit johnnycake juniper_berry kipper kumquat ladyfinger lentil
loganberry loquat lozenge lychee macaron macadamia madeleine maraschino meringue mince_pie
mung_bean nougat oatcake okra orange_peel pancake_roll papadum passionfruit persimmon pierogi
pinto_bean plantain pomegranate popover pomelo pot_pie potsticker praline profiterole quesadilla
quiche quince ravioli rusk rutabaga sardine scallion schnitzel shallot slider snow_pea soursop
spring_roll starfruit stollen strudel sweetcorn sweetmeat tamale tamarind tartlet teacake
tempura_roll tortellini tortilla turnover vol-au-vent watermelon whelk wonton yam yolk ziti
""",
    "flower": """
agapanthus alyssum amaranth amaryllis arnica aspidistra astilbe balloonflower bellflower bergamot
black-eyed_Susan bleeding_heart bougainvillea campion candytuft catmint celandine chamomile
cineraria clematis coltsfoot columbine coneflower coreopsis cosmos cyclamen day_lily delphinium
edelweiss evening_primrose fleabane forsythia freesia fuchsia gentian gladiolus harebell heather
heliotrope hellebore hibiscus jonquil lady's_slipper larkspur lavender_bush lobelia lotus mallow
meadowsweet mimosa morning_glory narcissus nasturtium nigella oleander oxeye periwinkle phlox
pimpernel plumeria ragwort salvia saxifrage scabious speedwell spirea stock sweet_William tansy
toadflax trillium tuberose valerian verbena wallflower wisteria yarrow
""",
    "tree": """
acacia almond_tree araucaria baobab basswood bay_laurel blackthorn bottlebrush boxwood buckeye
butternut catalpa chokecherry cottonwood crabapple_tree cork_oak dogwood ebony elder fig ginkgo
gum_tree hemlock hickory hornbeam ironwood jacaranda juneberry kapok koa laburnum laurel
lemon_tree locust mahogany mangrove medlar mesquite monkey_puzzle mulberry_tree myrtle orange_tree
pagoda_tree paulownia pecan_tree persimmon_tree quince_tree rubber_tree sandalwood sassafras
sequoia serviceberry silver_birch sugar_maple sumac tamarack teak tulip_tree tupelo witch_hazel
""",
    "wildanimal": """
aardvark adder agouti alligator angelfish ape arctic_fox axolotl aye-aye basilisk bandicoot
barracuda beluga bighorn boa boar bobcat bonobo bullfrog bush_baby capybara caracal caribou carp
cassowary catfish chamois chub civet cobra cockle condor coot copperhead cougar cockatiel coypu
crayfish cutworm cuttlefish damselfly dingo dogfish dugong dung_beetle earthworm earwig echidna
eland emu ermine fennec field_mouse flea flounder flying_fox flying_squirrel fruit_bat genet
gibbon gnat gnu grizzly grouper grouse guanaco guppy haddock halibut harrier hartebeest hornet
ibex ibis impala jackdaw jackrabbit jerboa kinkajou klipspringer kudu ladybird lamprey leafhopper
lemming lionfish locust loon loris lungfish macaque macaw mackerel mallard manta_ray marmoset
marten mayfly minnow mite mockingbird molly moorhen muskrat narwhal nautilus nilgai numbat ocelot
okapi oriole osprey oryx ox pangolin peccary peahen perch pika piranha plover polecat pollock
possum prairie_dog prawn puma python quokka rail rattlesnake ray roadrunner rook sable sandfly
sea_cucumber sea_lion sea_otter sea_urchin serval silkworm silverfish skink skua snapper snipe
snow_leopard springbok stag stickleback stinkbug sturgeon sunfish swift swordfish takin tamarin
tapir tarantula tarsier termite terrapin tern thornback tick toucan tree_frog tuna viper vulture
wallaby warthog water_vole weevil whippet whitefish wildcat wildebeest wigeon wolfhound woodchuck
woodlouse wryneck yellowjacket zebu
""",
    "bird": """
avocet bee-eater bittern bluebird bluetit bobolink bunting bustard buzzard canary catbird
chaffinch chiffchaff corncrake crossbill curlew dabchick dipper dunlin dunnock egret fieldfare
firecrest flycatcher gannet goldcrest goshawk grackle grebe greenfinch guillemot hoopoe junco
killdeer kinglet kite kittiwake lapwing linnet longspur meadowlark merlin nightjar ovenbird
oystercatcher petrel phoebe pipit razorbill redpoll redshank redstart redwing ringdove sanderling
sapsucker shearwater shrike siskin skylark spoonbill stonechat tanager teal titmouse towhee
turnstone vireo wagtail waxwing wheatear whinchat willet woodcock
""",
    "building": """
abbey academy airfield amphitheater apartment arcade arena armory auditorium aviary bandstand
basilica belfry boathouse boutique brewery butchery cathedral chalet chateau clinic clubhouse
college convent cowshed creamery creperie dairy depot dormitory drugstore embassy farmstead
firehouse forge foundry gatehouse granary guesthouse gymnasium hacienda hangar haberdashery
haystack homestead hostel hovel ice_cream_parlor kindergarten laboratory laundromat lean-to lodge
longhouse loft minaret motel mosque obelisk oast_house opera_house outhouse outpost pagoda
parsonage pavilion pharmacy pizzeria planetarium post_house priory pueblo pyramid ranch rectory
refinery rink rotunda sawmill shack shanty silo smithy smokehouse snack_bar stockade studio
summerhouse supermarket synagogue tavern teahouse tearoom tollbooth townhouse turret university
vault vicarage villa wigwam winery yurt
""",
    "naturething": """
alcove anthill_top archipelago arroyo avalanche bank bayou beck billow bluff bog boughs_end
bracken bramble briar brook bulrush burr butte catkin chasm cloudbank clover_patch coal conker
coral crag crevice current delta dell dewpond downpour drift eddy ember estuary fjord flint
foothill forest_floor furrow geode gale gorge grotto gully gust heath hedgerow hillock hollow
hot_spring iceberg icecap inlet islet ivy knoll lagoon landslide lava_rock lichen limestone
lowland mangrove_root mesa mire molehill moonbeam mound mudflat nectar_cup nettle oasis
orchard_row outcrop palm_frond pass peak peninsula pinnacle plain plateau pool prairie promontory
quicksand rapid ravine reef ridge rill ripple rivulet sandbar sapling savanna scree shoal shrub
sinkhole slope snowbank snowdrift spire spray stalactite steppe strait summit sunspot tendril
thunderhead toadstool tributary trickle tundra tussock undergrowth updraft vale wetland whirlpool
whirlwind wilderness windfall woodland zephyr
""",
    "vehicle": """
autogyro bobsled buggy bullock_cart cable_car camper_van caravan catamaran chairlift chariot
clipper coach convertible coracle cruiser dinghy dirigible dogsled dragster dune_buggy excavator
forklift freighter frigate funicular galleon go-cart gyrocopter handcart hang_glider hatchback
hay_wagon houseboat hovercraft hydrofoil ice_cream_van icebreaker jet_ski junk kart lifeboat
locomotive lorry maglev milk_float mobile_home monorail moped motorboat narrowboat oil_tanker
paddleboat paraglider pickup punt pushbike quad_bike racecar rickshaw roadster rover rowing_boat
sedan schooner shuttle sidecar sloop snowmobile snow_cat speedboat stagecoach starship stroller
streetcar stretch_limo subway surrey tandem tanker tank_engine trailer trawler tricycle trolleybus
turboprop zeppelin
""",
    "container": """
amphora ampule ashcan bassinet beaker billycan bin_bag briefcase butter_dish caddy canister
canteen carafe carryall cask cauldron cistern coffer cooler coop crock cruet cylinder dish ewer
firkin flagon flowerpot garbage_can glass_dome holdall holster hopper ink_pot keg kit lockbox
mailbag matchbox moneybox nosebag paint_pot pannier percolator piggybank pigeonhole pillbox pint
pipkin planter pocketbook punnet purse quiver safe scuttle sheath silo sugar_bowl tank tankard
teapot terrine tote trash_can treasure_chest tumbler tureen vat vial watering_trough wastebasket
wineskin
""",
    "food": """
aioli allspice angel_cake antipasto apple_crumble baklava balsamic_sauce barley basil batter
beef_stew bisque black_pudding blancmange bolognese borscht bouillabaisse bran bread_pudding
bubblegum buckwheat burgoo butterscotch cabbage_soup candy_floss caviar ceviche chard cheddar
chestnut_puree chive_butter chop_suey chow_mein chutney cider_vinegar clam_chowder clotted_cream
cobbler coconut_milk compote consomme cottage_cheese couscous crab_salad cream_cheese cress
dill_sauce dhal egg_salad feta fish_pie fondue frangipane fried_rice frosting fruit_salad
fruit_leather garlic_bread gazpacho gelato ghee goulash granita gruel guacamole gumbo haggis halva
horseradish hotpot icing jambalaya jerky johnnycake_mix kedgeree ketchup kimchi lemon_curd
liverwurst malt maple_syrup margarine marzipan mayonnaise mincemeat minestrone miso_soup molasses
mousse mozzarella muesli mustard nectar nutmeg oregano paella pancetta paprika parmesan parsley
peanut_butter pea_soup pesto pilaf polenta porridge_oats potato_salad pot_roast quinoa ragout
ramen ratatouille relish rhubarb rice_pudding risotto rosemary saffron_rice sage sago salsa
sauerkraut semolina sherbet shepherd's_pie sorbet sourdough souffle soy_sauce stroganoff stuffing
succotash sushi tabbouleh tahini tapioca tarragon tempeh teriyaki thyme tiramisu toad-in-the-hole
treacle trifle turmeric vanilla_cream vinegar watercress wheat_germ whipped_cream yeast_dough
zabaglione
""",
    "many": """
acorn_caps anchors bangles barnacles beetles binoculars bows brushes bubbles_of_soap bulbs burrs
buttercups cabbages candies canes caterpillars chestnuts chips clamshells clovers coconuts cogs
confetti_bits corks crackers cranes cubes cutouts dewdrops dice dumplings earthworms ferns figs
fireworks flags foxes gadgets gears gloves_of_wool goslings gumdrops hazelnuts hinges hives hoops
horseshoes jellyfish jigsaws knots labels ladles lentils limes lollipops magnets maps marigolds
matchsticks medals minnows moths mussels napkins nests noodles nuggets olives otters oysters
paintings pansies parcels parrots peaches peanuts pears pegs penguins pickles pins plums
porcupines posters pretzels prunes puppets quilts radishes rags robins rocks ropes rubies
sandwiches sardines scarves scones scrolls sequins shrimps sketches slugs snacks socks_of_silk
sparks sparrows spiders sponges spools springs sprouts starfish straws sunflowers teacups thistles
thorns tickets tiles tomatoes toothpicks turnips turtles twigs vines walnuts whistles windmills
yo-yos zippers
""",
    "sound": """
babble bawl beep bellow blare blast bleat bleep boing boom bray burble burp cackle cheep chime
chink chug chuckle clack clang clank clap clatter click-clack clip-clop clop cluck clunk cooing
crackling croak crunch crump ding drone drumming echo fanfare fizz flutter footstep gargle gasp
gobble grating grind grunt guffaw gulp hee-haw holler honk hullabaloo jangle jingle-jangle knell
knocking lowing lullaby melody mewing mutter neigh note oink patter-pat peal peep ping
pitter-patter plink plod plunk pounding puff purr quack racket rap ribbit ringing rustling scamper
scrape screech scuffle scurry sizzle slap slosh slurp smack snap snarl sniffle snort snuffle sob
song splat splatter splosh sputter squawk squish strum swish swoosh thud-thud thunderclap thwack
tick ticking tinkle toot trample tread trill trumpet twang tweet twitter wail warble whack wheeze
whine whinny whiz whoop whoosh yap yelp yodel zing zip
""",
    "place": """
at:abbey in:alcove in:apple_orchard in:arcade at:ballpark in:barnyard at:bazaar in:beech_wood
by:birdbath in:boathouse in:bog by:boulder in:bramble_patch by:breakwater by:brook at:bus_station
at:butcher's at:cafe by:campfire in:catacomb at:chalet in:chapel in:cherry_orchard by:cistern
at:clinic in:cloakroom by:clock_tower in:clover_field in:copse in:corral in:cove in:cowshed by:dam
at:dairy in:dell at:depot in:ditch in:dungeon in:fjord at:fishpond in:flowerbed at:forge in:fort
by:garden_wall in:gallery in:game_room by:gatepost at:golf_course in:gorge in:granary
by:grindstone in:grotto at:gymnasium in:hangar by:haystack in:hayloft on:heath in:hedge_maze
on:hillside in:inlet at:inn in:junkyard in:kindergarten in:laboratory on:landing by:lily_pond
at:lodge by:marina at:marketplace by:mill_wheel by:millstream at:mine in:moonlight in:mudflat
at:nature_reserve in:oak_wood at:observatory at:opera in:palm_grove in:pantry in:parlor
on:parade_ground on:peak by:pier at:planetarium on:platform in:plum_orchard at:polling_station
in:potting_shed in:prairie on:promenade at:quayside in:rain_forest at:railway_station at:racetrack
on:raft at:ranch in:ravine by:reef by:reservoir on:ridge at:roundabout on:rooftop at:sawmill
in:scullery at:seaside on:seashore at:shipyard by:signpost on:ski_slope at:smithy in:snow_fort
by:spring at:stadium in:stairwell at:studio in:sunroom at:supermarket at:swimming_pool on:swing
at:tearoom at:temple on:tennis_court by:tide_pool in:toolshed on:towpath on:trail at:university
in:vault on:veranda in:vestibule at:village_hall in:waiting_room at:waterfront in:waterhole
in:wheat_field by:windmill at:workshop in:zen_garden
""",
    "bodypart": """
bangs big_toe bottom_lip dimple earlobe eyelash eyelid fingertip fist freckle gum hair instep jaw
kneecap knuckle lip little_finger lower_back middle_finger molar mustache nail nape nostril palate
pinky ponytail rib shin shoulder_blade side skull sole temple thigh throat tongue tooth waist
""",
    "event": """
air_show apple_fair art_auction auction baking_contest ball ballet band_practice bazaar beach_day
bicycle_race birdwatching_walk boat_race book_fair brunch card_tournament cattle_show christening
chili_cook-off choir_practice clambake cookout cotillion county_fair cricket_match dog_show
dress_rehearsal egg-and-spoon_race family_reunion fashion_show field_day film_night flower_show
football_match fun_run gala garage_sale graduation hayride hoedown homecoming horse_show
housewarming ice_show jamboree jubilee jumble_sale kite_contest knitting_circle lecture luau
luncheon marathon masquerade match mud_run music_festival opera opening parade_of_boats pageant
pet_show pie_fair pillow_fight poetry_reading potluck procession prom puppet_opera quiz_show
quilting_bee raffle rally recital relay_race robot_contest sailing_race sandcastle_contest
science_fair serenade ski_race skating_show soccer_match soapbox_derby spring_fling square_dance
storytelling_night street_fair supper swim_meet swap_meet tea_dance tractor_pull trial triathlon
variety_show vegetable_show waltz_night wrestling_match yard_sale
""",
}
