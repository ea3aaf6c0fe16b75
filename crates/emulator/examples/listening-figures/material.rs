//! The texts that are spoken.

/// Sentences of everyday words.
pub const SENTENCES: [&str; 20] = [
    "I would like a glass of cold water",
    "She walked to the station in the rain",
    "My brother plays the guitar very well",
    "Do you know where the library is",
    "They went swimming after school yesterday",
    "The yellow bus stops in front of our house",
    "Please open the window before you leave",
    "We are going to visit our grandmother tomorrow",
    "He forgot his umbrella on the train",
    "This book is more interesting than that one",
    "Can you help me carry these boxes",
    "The children are playing football in the park",
    "It was too dark to see anything",
    "Her favorite color is light green",
    "There are seven days in a week",
    "I usually drink coffee in the morning",
    "The movie starts at nine in the evening",
    "Put the knife and the fork on the table",
    "We should think about the problem again",
    "His father works for a large company",
];

/// Words that are put into a text without being spoken.
pub const INSERTED: [&str; 5] = ["window", "red", "always", "my", "quickly"];

/// Sentences with a gap, a word that is spoken in it, and a similar one that the text has instead.
pub const SWAPPED: [(&str, &str, &str); 22] = [
    ("I saw a big {} over there", "ship", "sheep"),
    ("He wants to {} in the city", "live", "leave"),
    ("Put it in the {} please", "bin", "bean"),
    ("She bought a new {} today", "pan", "pen"),
    ("The {} is on the table", "bat", "bet"),
    ("There is a {} in the garden", "cat", "cut"),
    ("The {} was very long", "coat", "court"),
    ("We found the {} at last", "ball", "bowl"),
    ("I can see the {} now", "light", "right"),
    ("They have to {} the paper", "collect", "correct"),
    ("The {} is too small", "glass", "grass"),
    ("This is a very {} one", "fast", "past"),
    ("Do you have a {} of it", "file", "pile"),
    ("He drove the {} away", "van", "ban"),
    ("I need a {} for my boat", "vest", "best"),
    ("It has a {} taste", "thick", "sick"),
    ("I {} that we are late", "think", "sink"),
    ("Look at the {} on his hand", "thumb", "sum"),
    ("The {} is very old", "zoo", "sue"),
    ("She has a nice {} there", "place", "plays"),
    ("My {} is in the kitchen", "cup", "cap"),
    ("You must {} it again", "wash", "watch"),
];
