"""The long tail of names, jobs, qualities and actions, weighed as in lexicon_rare."""

from __future__ import annotations

RARE_MORE = {
    "job": """
accountant air_traffic_controller almoner animator announcer apothecary appraiser aqueduct_builder
arborist archaeologist armorer assistant auctioneer author ballerina bandleader banjoist bargeman
baron baroness bassist beadmaker bellhop bell_ringer biologist boatswain bodyguard bookkeeper
brewer broadcaster bugler busker cabbie cabinetmaker calligrapher caretaker cartographer
cartoonist cartwright carver cellist chandler chaplain charioteer chaperone chimney_sweep
choirmaster choreographer coachman commander comedian commodore composer confectioner constable
cooper copyist coppersmith coroner courier cowboy cowgirl cowherd crossing_guard curator cutler
dairymaid dairyman decorator designer diplomat director dispatcher docent dogwalker draper
dressmaker drover duchess duke economist editor embroiderer emperor empress engraver envoy fiddler
filmmaker fishmonger fishwife flutist footman forester forewoman furrier gamekeeper geographer
gilder glazier glover goatkeeper goldsmith gondolier governess governor groom groundskeeper
guitarist haberdasher harbormaster harpist hatter hairdresser headmaster herald herbalist
historian horse_trainer hostess housekeeper illusionist illustrator interpreter ironmonger
journalist joiner knitter lacemaker landlady lamplighter laundress lecturer linguist lookout
lumberjack luthier maestro magistrate marathoner marshal mason mathematician matron meteorologist
midwife milkmaid milliner mime minister mountaineer naturalist navigator news_anchor novelist
oculist officer optician organist ornithologist orthodontist paleontologist paperhanger paramedic
parson peddler perfumer pharmacist philosopher physician physicist pianist piper pitcher
playwright ploughman podiatrist professor psychologist publisher quarryman quilter rancher
receptionist repairman rider roper saddler saleswoman scholar scribe seamstress secretary senator
sheriff silversmith soprano spinner squire stagehand stevedore stockman stuntwoman swordsmith
tanner taster teller tinker tinsmith treasurer trombonist troubadour trumpeter tutor typist umpire
usher valet veterinarian violist warden watchmaker watchman welder wheelwright wigmaker woodworker
wrangler yachtsman zoologist
""",
    "look_thing": """
adjoining aged airtight aromatic ashen asymmetrical azure beaded bedraggled beribboned bespoke
blackened blemished blotchy bottomless boxy brassy brittle buoyant burnished chubby circular
clammy coarse collapsible compact concealed cracked creased crinkled crumbly cubic cumbersome
custom cylindrical dainty-handled damp dazzling decrepit deluxe detachable dimpled discarded
disposable domed downy drab dyed earthy edible electric enameled enchanted exotic faceted familiar
fastened feathered festive filigreed finished flecked flexible flimsy floral fluted foamy foldable
forked foreign fringed frilly functional futuristic genuine gigantic-looking gilded gleaming
glinting glorious glued grainy grand grotesque grubby gummed hairy handcrafted handheld
handwritten hefty hexagonal homely homespun identical immaculate incomplete ingenious inlaid
insulated invisible iridescent jagged jeweled jointed knobbly knotted labeled lacquered layered
leaky lidded lightless linked lit lumpy luminous luxurious magnetic marbled matching mended
metallic middling mint-condition mismatched moldable monogrammed mottled mud-caked multicolored
nondescript notched oblong obsolete octagonal oiled opaque original ornamental ornate outlandish
overpriced padded paneled pearly perforated phosphorescent pliable pleated plump-looking priceless
primitive printed pristine puffy quirky rectangular recycled reflective refurbished removable
resilient reversible ribbed rickety rigid ringed robust rugged rustic salvaged scalloped scented
scratched scuffed sealed secondhand seamless sequined shapeless shriveled silent silvered
simple-looking slanted sleek slotted soundproof spangled spare spiky spiral splintery
spring-loaded stackable stained standard steely stitched streaked streamlined stringy studded
stylish subtle sunken superb symmetrical tapered tarnished tasseled tasteful thorny threadbare
ticking tinted toothed towering transparent triangular trim trusty tubular ugly unbroken uneven
unfinished unique unpainted unpolished unremarkable unwieldy upholstered upside-down varnished
vibrant vintage vivid weathered weatherproof webbed weightless whittled windproof wiry woven
wrapped zigzag zippered
""",
    "nature": """
arid autumnal balmy barred bleak blossoming boggy brambly breathtaking breezy broad chilly cobbled
craggy cultivated desolate dewy dim distant drowsy dusky echoing exposed fallow fern-covered
fertile flat flooded flourishing foamy forested frost-covered frozen grand harsh heavenly hilly
idyllic immense inviting isolated jagged lakeside limitless luxuriant majestic meandering moonless
mountainous neglected nestled open panoramic parched pebbly perilous picturesque pine-scented
placid pristine quiet-looking radiant rain-soaked ravishing rolling rugged rural rust-red salty
scorched seaside secluded serene shallow shimmering silvery slushy soggy solitary sparse
spectacular star-lit steamy stony storm-beaten sublime sultry sunbaked sunlit swaying terraced
thriving timeless treeless tropical uncharted undisturbed uninhabited unspoiled uphill vanishing
vast verdant waterlogged waterside weed-grown wild-looking windless wintry wonderful woodsy
""",
    "person": """
affable affectionate agreeable alert amiable amusing animated articulate astute attentive
authentic balanced blunt boisterous brainy brisk broad-minded calm carefree celebrated chatty
civil classy clear-headed clever-fingered comical composed conscientious constant contented
cool-headed cordial courteous crafty cultured decent decisive dedicated devoted dignified
diplomatic disciplined discreet dutiful dynamic easygoing eccentric effervescent efficient
eloquent empathetic enterprising even-tempered exuberant fair-minded faithful far-sighted fervent
fidgety finicky flexible focused forthright frank free-spirited friendly-faced frugal fun-hearted
gabby gleeful goofy gracious gregarious gritty guileless gullible handy headstrong hearty heroic
hospitable hot-headed humane humorous idealistic illustrious impartial impetuous impish impulsive
individual ingenious innocent insightful inspiring intelligent intense intrepid intuitive
inventive kindly knowledgeable laid-back laughing learned levelheaded likable lighthearted logical
lovable loud-mouthed magnanimous mannerly mature meek mellow merciful methodical meticulous
mindful mirthful moody musical mysterious natty neighborly noble nonchalant noteworthy nurturing
observant open-handed open-hearted open-minded opinionated original outgoing outspoken painstaking
passionate patriotic peaceable peppy perceptive philosophical pleasant poised precise preoccupied
prim principled prompt prudent punctual purposeful quaint quick-thinking quizzical radiant
realistic reflective relaxed reserved resolute retiring reverent romantic saintly sassy
scatterbrained scholarly scrappy self-reliant sensitive sentimental serene sharp-witted
silver-tongued single-minded skeptical skillful slow-moving smiley soft-spoken soulful spontaneous
sporty stalwart stoic straightforward streetwise stern-faced superstitious supportive sure-footed
swift-footed sympathetic tenacious thankful theatrical thick-skinned thorough thrifty tolerant
tough tranquil trustful trustworthy unassuming unconventional undaunted understanding unflappable
unhurried unselfish upbeat upright valiant venturesome versatile vigilant vivacious warm watchful
well-read well-spoken whimsical wholesome wily winsome wistful wonder-struck worldly yielding
youthful zealous zestful
""",
    "taste": """
acidic aged almondy appetizing aromatic bland bittersweet boiled briny brittle browned bubbly
candied caramelized charred chocolaty chunky citrusy cooling creamy-white crumbly crusted curdled
deep-fried delectable dense doughy earthy exquisite fermented filling fiery fizzy flavorless
floury fragrant full-bodied gamy garlicky-sweet glazed gluey grainy greasy grilled hearty herby
honeyed iced inedible jellied juicy-sweet lemony luscious malty mashed mellow melted milky
mouthwatering mushy odd-tasting oily overcooked overripe peachy pickled piping-hot powdery puffed
pungent raw refreshing rich rubbery runny satisfying sharp shredded silken simmered sizzling slimy
smooth sour-sweet sparkling spiced spongy spoiled stale starchy stewed stringy stuffed succulent
syrupy tart tasteless toothsome unripe unsalted unsweetened vanilla-flavored velvety watery
whipped whole-grain woody zesty
""",
    "manner": """
abrupt absent-minded affectionate agreeable amiable ardent arrogant artful attentive bashful bland
boastful boisterous breathless brisk broad candid casual cheeky childish civil clear coarse cold
comfortable competent complete confident contented cool cordial covert coy crazy critical crude
curt cynical dainty dangerous dark deep defiant deft dejected delicate delighted dense dependable
diligent dim diplomatic discreet distant dizzy dogged doleful doubtful drowsy dry dutiful easy
ecstatic efficient elegant eloquent emphatic evasive even exact excessive expert faint fair
faithful fearless feverish fine flat fluent fond forceful formal forthright frank free fretful
frightful furious furtive fussy gallant genial giddy gleeful glorious good-natured grand grave
grim grouchy gruff guilty handsome haphazard hard harsh haughty hearty heavy hoarse hopeless
hospitable hot icy idle imploring incredulous indignant innocent inquisitive insistent intense
intent irritable jaunty jolly jovial keen knowing lame lavish light limp listless lofty longing
loose lovely lucid mechanical meek merciful methodical mild moody mournful mute mysterious natural
nimble noble nonchalant obvious odd offhand open optimistic painful pale passionate peaceful
peevish pensive perfect pitiful placid plain pleasant pompous positive powerful precise prim
private prompt proper prudent punctual pure puzzled queasy questioning radiant random rapid rash
ready reasonable reckless reflective repeated resentful reserved resolute respectful restful
restless rhythmic rightful rigid robust rough rueful sane scornful secretive sedate selfish
sensitive separate serene shaky sharp sheepish shrewd shrill simple skeptical skillful slack sleek
slender slight sluggish sly smart smooth smug snug sober soothing sore sound spiteful splendid
spontaneous stern stiff strange strict strong sturdy subtle sulky sullen superb sure surly
suspicious sympathetic tactful tense terrible thorough tight tireless tolerant triumphant truthful
ugly unhappy unkind unwilling urgent useful vague vain valiant vast vehement vibrant vigorous
vivid watchful weak wide willing wonderful wretched wry yearning youthful zealous
""",
    "good_feeling": """
amused appreciative ardent astonished at_ease at_home awed blessed bouncy bubbly buoyant carefree
charmed cheery chuffed composed consoled content cool dazzled ecstatic elated enchanted energetic
enlivened entertained enthralled exhilarated exultant fascinated flattered fortunate free
fulfilled full_of_beans gleeful glowing honored in_high_spirits inquisitive intrigued invigorated
jaunty jubilant keen lighthearted lively mellow mirthful moved on_top_of_the_world optimistic
over_the_moon peppy playful pleased_as_punch positive privileged radiant rapturous reassured
rejuvenated relaxed rested revived rewarded satisfied secure serene soothed spellbound spirited
sprightly starry-eyed stimulated sunny tickled tickled_pink tranquil trusting uplifted valued
victorious vindicated warm-hearted wide-awake youthful zestful zippy
""",
    "bad_feeling": """
aggrieved agitated aghast aimless anguished apologetic appalled apprehensive at_a_loss bashful
befuddled blue brokenhearted burdened cast_down chagrined chastened cheated clueless crestfallen
crushed cut_off dazed defeated dejected deserted desolate despairing desperate despondent
disgruntled disheartened dismal dispirited displeased dissatisfied distracted distraught
distressed disturbed doleful doubtful down_in_the_dumps downcast drained edgy empty enraged
exasperated excluded fidgety flabbergasted forgotten forlorn forsaken fretful full_of_dread
grouchy grumbling hesitating ignored ill_at_ease impatient inadequate incensed indignant insecure
insulted irate irked isolated jittery joyless jumpy lifeless listless livid lonesome low
melancholy misunderstood mixed_up mortified mournful muddled nauseous numb offended on_edge
out_of_place out_of_sorts outraged panicky peeved pensive perplexed perturbed pessimistic
petrified powerless queasy rattled rejected reluctant remorseful resentful sad-eyed scatterbrained
seething shaky sheepish shaken sheepish-looking shattered skeptical sluggish snubbed sorrowful
spent stranded stressed strained stumped subdued sulky sullen suspicious tense terrified
thunderstruck timid torn unappreciated uncertain uncomforted undecided unloved unnoticed unsettled
unwanted unwell unworthy upstaged vexed wary weepy worn_out wretched
""",
    "girl": """
Adelaide Agatha Aisling Alessandra Alexandra Alina Allegra Amanda Amara Anastasia Angela Annabel
Annika Antonia April Arabella Ariadne Astrid Aubrey Augusta Aurora Barbara Bernadette Beryl
Bettina Beverly Blanche Bridie Bronwyn Calla Candace Caroline Catalina Celeste Celia Charlotte
Christina Clementine Colette Constance Cordelia Cressida Daphne Darcy Deborah Delia Delilah
Delphine Dinah Dolores Dorothea Drusilla Dulcie Edna Eleanor Electra Elinor Eloise Elspeth Emilia
Ernestine Estelle Etta Eugenia Evangeline Fatima Felicity Fleur Florence Frances Frederica
Gabriella Georgia Geraldine Gertrude Gilda Gillian Giselle Gloria Goldie Guinevere Gwyneth Harmony
Hattie Heidi Henrietta Hermia Hester Hilda Honora Hyacinth Ilse Imogen Ingeborg Irma Isabella
Isolde Ivana Jacinta Jacqueline Janet Janice Jasmina Jemima Jessamine Joanna Jocelyn Johanna
Josephine Juanita Judith Juliet Justine Karina Katarina Kezia Kirsten Lavinia Leonora Leticia
Lillian Linnea Lorelei Loretta Louisa Lucille Lucretia Ludmila Mafalda Magdalena Marcella
Margarita Marguerite Marianne Marigold Marina Marjorie Marlene Maryam Maude Maureen Maxine Melanie
Melissa Mercedes Meredith Michaela Mildred Millicent Minerva Minnie Mirabel Miranda Moira Mona
Monica Muriel Myra Nadine Nanette Natalie Nerys Nicole Noelle Norma Octavia Odette Olympia Ophelia
Oriana Padma Pamela Patience Patricia Penelope Perdita Petunia Philippa Portia Prudence Prunella
Ramona Raquel Rebecca Regina Renata Rhiannon Roberta Rosalind Rosamund Rosemary Rowena Roxanne
Sabrina Salome Samantha Sandra Saoirse Sapphire Savannah Serafina Serena Shanti Sheila Sidonie
Sigrid Simone Soledad Soraya Stephanie Sunita Svetlana Sybil Tabitha Tallulah Tamara Tatiana
Teresa Thalia Theodora Thomasina Tiffany Titania Tova Ulrika Ursula Valerie Vanessa Venetia Verity
Veronica Victoria Violetta Virginia Vivian Wanda Wilhelmina Winifred Yolanda Ysolde Yvette Yvonne
Zenobia Zinnia
""",
    "boy": """
Abdul Abel Abner Abraham Achilles Adrian Ajax Akira Alan Albert Alden Aldo Alejandro Alfie Alfonso
Alistair Aloysius Alvin Ambrose Amir Amos Anatole Andre Angus Ansel Anthony Antonio Apollo
Archibald Archie Armand Arnold Arsenio Ashton Atticus Aubrey Augustus Axel Balthazar Barnabas
Barrett Bartholomew Bastian Benedict Benjamin Bernard Bertram Blaise Boris Bradley Brandon Brendan
Broderick Byron Cal Calvin Cameron Carlos Carter Casimir Caspian Cato Cecil Chad Chester Christian
Christopher Clarence Claude Clement Cleveland Clifford Clinton Clyde Conrad Constantine Cornelius
Craig Crispin Curtis Cuthbert Damian Damon Dashiell Dedric Delmar Demetrius Desmond Dexter
Dietrich Digby Dimitri Dirk Dominic Donald Dorian Douglas Duane Dudley Duncan Dustin Earl Edgar
Edmund Edward Edwin Egbert Eldon Elijah Ellis Elmer Emanuel Emmett Ephraim Ernest Erwin Esteban
Eugene Eustace Evander Evan Ewan Fabian Fergus Fernando Fitz Fletcher Floyd Francis Franklin
Frederick Fritz Gareth Garrett Garth Gaston Gaylen Geoffrey Gerald Giles Gino Godfrey Gordon
Graham Grant Gregory Griffin Guido Gunther Gustav Hadrian Hamish Harlan Harold Harrison Hector
Helmut Herbert Hercules Herman Hiram Horace Horatio Howard Hubert Humphrey Hyram Ignatius Ingmar
Irving Isidore Ismail Ivor Jabari Jacob Jacques Jamal Jared Jarvis Jason Javier Jeremiah Jethro
Joachim Joaquin Jonas Jonathan Jordan Joseph Joshua Julius Justin Kamal Kareem Kasper Keegan
Kelvin Kenneth Killian Klaus Lachlan Lambert Lancelot Landon Laurence Lawrence Leander Lemuel
Leonard Leopold Leroy Leslie Lester Linus Lionel Lloyd Logan Lorcan Lowell Lucian Ludwig Luther
Lysander Magnus Malcolm Manfred Manuel Marcel Marcus Mario Marius Marshall Marvin Matthias Maurice
Maximilian Maxwell Melchior Melvin Mervyn Micah Michael Miguel Milton Montague Mortimer Murray
Napoleon Nathaniel Neville Newton Nicholas Nigel Norbert Norman Octavius Odin Olaf Oleg Orlando
Orville Osbert Oswald Ottokar Pascal Pedro Peregrine Phineas Pierre Prescott Quinton Rafael
Raimund Randolph Raphael Raymond Reginald Reuben Reynold Richard Roderick Rodney Rodrigo Rupert
Salvador Samson Samuel Sanjay Sebastian Sergei Seymour Shane Sherman Sherwood Sidney Sigmund Silas
Silvester Solomon Spencer Stanley Stephen Stuart Suleiman Sylvester Terence Thaddeus Theobald
Thornton Timothy Tristan Ulysses Valentine Vernon Vincent Virgil Vladimir Waldo Wallace Walter
Warren Wendell Wilbur Wilfred Willoughby Woodrow Yannick Yorick Zachary Zebedee
""",
    "pet": """
Apricot Badger Banjo Barkley Bashful Beanie Beezle Binky Blinky Blizzard Bobbin Boots Bramley
Brandy Breezy Brindle Bubblegum Bumble Butterball Buttercup Caramel Catkin Cheddar Chestnut Chewy
Chiffon Chomper Chuckles Churro Cobweb Confetti Corky Crackers Crumble Crumpet Cuddles Cupcake
Custard Dandelion Dimples Dipsy Ditto Doodle Dribbles Droopy Dumpling Fancy Feathers Fiddle Fizz
Flapjack Fleck Flopsy Flurry Fumble Galosh Gherkin Giggles Gingersnap Gobbles Gooseberry Griddle
Gumdrop Hiccup Hobnob Hopscotch Icicle Jellybean Jiggles Jitters Kipper Lemondrop Limpet Lumpy
Macaroon Marmalade Marzipan Mischief Mopsy Muddles Muddy Mumbles Munchkin Nettle Nibs Nimbus
Noggin Nutkin Oatmeal Padfoot Pansy Parsley Patter Peaches Peppercorn Piccolo Pinky Pipsqueak
Pistachio Plum Pompom Prancer Pretzel Quickstep Radish Rhubarb Ruffles Rumpus Sage Scallop Scooter
Scraps Sherbet Shimmer Shuffles Sizzle Skittles Sleepy Slippers Slowpoke Sneezy Snickers Snippet
Snowdrop Snuffles Sorrel Spangle Speckle Spindle Splodge Spooks Sprinkles Sprocket Squiggle Squish
Starlight Sugarplum Sunbeam Tadpole Tangle Tatters Teasel Thimble Tinker Tiptoe Toadstool Tomtom
Topsy Treacle Trinket Trouble Trumpet Tufty Tugboat Turnip Twiggy Twinkletoes Tyke Vinegar Wafer
Wanderer Whirligig Wicket Widget Wisp Woodruff Woolly Yippy Zephyr Zinger
""",
    "surname": """
Abernathy Acorn Alderman Appleby Arkwright Ashby Atwater Bagley Bainbridge Bancroft Barker Barrow
Beckett Bellweather Bickerstaff Billingsley Blackwood Bluebottle Bonneville Bottomley Bradshaw
Brambley Brewster Brockway Buckley Bumblethwaite Burbank Butterfield Calloway Candlewick
Cartwright Chesterfield Chickering Claypool Coldwater Copperfield Cornfield Cottonwood Crabapple
Crickett Crumpet Cuddlesworth Culpepper Dalrymple Dandridge Dewberry Dillworth Doolittle Dovecote
Dunwoody Eaglesham Eastwick Fairbanks Farthing Fiddlewood Fitzgerald Flannigan Fletcher Forrester
Fothergill Frobisher Galloway Gingham Gladstone Goldsworthy Gooseberry Greengrass Grimshaw
Hackberry Halloway Harbottle Hathaway Hawthorne Hazelwood Heatherington Hedgepeth Higginbottom
Hollingsworth Honeycutt Hornblower Huckaby Ironside Jellicoe Kingfisher Kowalski Lambkin Larkin
Lavender Lillywhite Lovelace Loxley MacDougal Mapleton Marchbanks McAllister Meadows Merrydew
Mistlethwaite Moffat Montgomery Mulberry Nakamura Nettlefold Nickleby Nutley Oakenfold Okonkwo
Oldfield Ostrander Palmer Papadakis Pennyfeather Pettigrew Pinkerton Plumtree Poppleton Primrose
Quillfeather Rathbone Rosenblum Rutabaga Saltmarsh Sandpiper Shufflebottom Silverstone Snodgrass
Somerset Starling Stonehouse Summerfield Sunderland Sweetwater Tapioca Tattersall Thackeray
Thornberry Thunderbolt Tidewell Tipton Toddington Trelawney Tumbleweed Turnbuckle Twelvetrees
Vandermeer Vanderhoof Velasquez Wainwright Wallaby Waterman Weatherby Westerfield Whittaker
Wildgoose Willoughby Windermere Winterbourne Woodhouse Wooster Yellowstone Youngblood
""",
    "go": """
barrel blunder breeze careen cartwheel caper cavort charge clamber clatter clump coast cruise
cycle dance dawdle dodder drift drop_by edge fly flit flounce flounder frolic galumph gambol glide
goose-step hustle inch jaunt jostle journey lollop lumber lurch meander mince mosey motor navigate
pace pad paddle parade patter plunge potter promenade putter reel ride roam roll roller-skate row
rove saddle_up sail sashay scramble scud scuff skate skedaddle ski skid skim skirt skitter skulk
slide slip slither slog slosh slouch somersault speed splash stalk steam step straggle stream
streak stumble surge sweep swing swoop thunder tear tiptoe-dance toddle trail traverse trip troop
trundle twirl vault venture waft waltz weave wend whirl whisk wind wobble wriggle zigzag
""",
    "react": """
babble balk bawl blanch blubber breathe_out bristle brood burp chortle cluck cough cower crow
curtsy drool droop exhale fume gag gape gawk glare gloat glower grimace groan_out_loud grouse
growl grumble gulp hem_and_haw hoot howl huff hum jiggle jitter kneel lean_back look_away
make_a_face moan mope mumble nod_off pant perk_up pine preen purr quail quake quaver quiver recoil
relax rock_back_and_forth salute scoff shrink_back shuffle simper slouch slump smirk snarl sneeze
snooze snore snuffle sob_softly sputter squeak squeal squirm stagger startle stiffen stomp stoop
straighten_up stretch sulk swoon tap_one_foot titter tsk turn_away twitch wheeze whine whistle
whoop wiggle wilt wobble wriggle writhe yelp
""",
    "playact": """
abseil act_like_a_king bake_mud_pies balance_on_a_log bat_a_ball beat_a_drum blow_bubbles
bob_for_apples bowl box_with_shadows braid_grass build_a_dam camp_out canoe catch_butterflies
caterwaul chalk_pictures chase clog_dance clown conduct_a_choir crawl crow cycle daydream dive
do_cartwheels dodge drill dribble embroider fence fiddle fish_for_crabs flip flutter
fly_paper_planes frolic fold_paper garden gather_leaves golf grapple hammer hang_upside_down hike
hide hit_a_ball hunt_for_snails hurdle improvise invent jabber jest jingle jog joust
jump_in_leaves kayak kick_a_can kneel leapfrog limbo march mimic model_clay moonwalk mountaineer
orienteer parade peddle peek perform pillow-fight pirouette pitch play_leapfrog plant
play_the_kazoo pluck practice putt quilt ramble rap recite rehearse rock romp roughhouse row
scamper scavenge scribble sculpt seesaw shadow-box shuffle skim_stones sled sleuth slither snorkel
snowboard splatter sprint square-dance stargaze stilt-walk strum swap_stories tap-dance tie_knots
tickle toss_beanbags trampoline trek trot trumpet tumble twist unicycle vault warble water-ski
whittle windsurf woodcarve write_poems yodel
""",
    "say": """
acknowledge advise affirm allow argue assert assure attest banter claim clarify coax comment
concede conclude confide confirm contend counter decide declare describe emphasize estimate
guarantee hint hypothesize imply inform instruct interject joke jest lecture maintain marvel
mention muse narrate note nod object observe offer philosophize plead point_out pray predict
pretend proclaim profess propose quip ramble read_out recall recite reckon recommend recount
reflect remind report retort reveal speculate state stress sum_up tease testify theorize urge
utter volunteer vow
""",
    "weather": """
arctic autumnal bitter blazing bleak bracing brisk changeable clammy clement cloudless crisp-cold
dim dismal dull fair flaming gusty humid icy-cold lukewarm mellow moist moonlit murky nippy
overcast parched pleasant pouring raw roasting scorching shadowless shimmering showery sizzling
slushy smoggy snow-white soggy soupy spring-like squally star-filled steamy stifling stuffy sultry
summery sunless sunlit sunshiny temperate tempestuous thundery toasty torrential tropical
unsettled velvet wild windless windswept wintry
""",
    "quality": """
abysmal accurate adequate alarming appropriate astonishing astounding authentic awful awkward
bewildering bizarre bothersome breathtaking charming childish civilized comical commendable common
complicated confusing convenient convincing costly crucial cruel dazzling decent delicate
desirable dignified disastrous disgraceful dreadful dreary dull easygoing effective elaborate
elegant enchanting endless enlightening enormous essential ethical evident exceptional fabulous
fateful favorable feasible flawless forgivable fruitful frustrating futile generous-minded gentle
ghastly glorious grand gripping hair-raising handy harmful hasty hazardous healthy heroic
hilarious historic honorable horrible humble ideal identical illogical imaginative imperfect
impolite impractical improbable inconvenient incorrect ingenious inspiring instructive invaluable
irresistible irresponsible joyous kingly laughable legendary limited logical ludicrous lukewarm
magnificent majestic meaningful mediocre memorable-looking merciful messy miraculous mistaken
moderate momentous monumental moving mundane mystifying natural naughty neat noble noteworthy
obvious odd official ominous one-sided optional orderly ordinary original outrageous overwhelming
painful paltry peaceful pitiful pointless practical precious predictable priceless profitable
promising proper provable proud radical rare rash regrettable relevant reliable repetitive
respectable rewarding royal sacred safe scandalous secret sensational shameful shocking
significant sincere sizable smart-looking so-so solemn sound spectacular startling strenuous
stupendous sublime suitable superb supreme suspenseful suspicious tedious tempting terrific
thankless thoughtless thorough time-consuming tiresome touching tragic traditional trivial
troublesome typical unacceptable unbelievable unbearable uncommon unfortunate unique unkind
unlikely unlucky unnecessary unpleasant unreasonable unwise uplifting urgent usual vain vital
welcome well-meant wicked wondrous worrying worthless worthwhile worthy
""",
}
