//! The texts that are spoken.

/// Sentences of everyday words. The thresholds were chosen on others.
pub const SENTENCES: [&str; 20] = [
    "My sister wants to become a doctor",
    "The weather was cold and windy last night",
    "I need to buy some bread and milk",
    "Can I borrow your pencil for a minute",
    "They built a small house near the river",
    "The teacher wrote the answer on the board",
    "He always wakes up early on Sunday",
    "She is afraid of big dogs",
    "We watched a funny movie together",
    "Turn left at the next corner",
    "The soup is still too hot to eat",
    "How many people came to the party",
    "My uncle works in a hospital",
    "The baby is sleeping in the other room",
    "I have never been to another country",
    "Please write your name on this paper",
    "The shop closes at six on Friday",
    "You should drink more water every day",
    "He lost his key on the way home",
    "The birds were singing outside my window",
];

/// Words that are put into a text without being spoken.
pub const INSERTED: [&str; 5] = ["window", "red", "always", "my", "quickly"];

/// Words of one to three sounds that are put into a text: it is hardest to hear that they are missing.
pub const INSERTED_SHORT: [&str; 8] = ["a", "I", "to", "the", "of", "and", "is", "he"];

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
