//! Common words for which the engine finds other sounds than English speakers say.
//!
//! The engine finds "of" as `ɔ f` and "one" as `oʊ n eɪ`, whatever the voice. Its training data
//! probably had such transcripts, which follow the spelling. With the dictionary alone, "I" was
//! the right word that was rejected most often (13 of the 250 words of one sound in 30 sentences
//! of eight voices), and "is" and "of" were in the band "poor" though they were said well.
//!
//! The list has the most frequent sounds of words that eight voices of flite and espeak-ng said
//! in 94 sentences, where those sounds are not in the dictionary. The example `listening-figures`
//! prints them with `--tuning`. Recordings of people and the sentences behind the figures were not
//! used for it.

/// Pronunciations besides those of the dictionary, in its format.
pub const ENGINE_PRONUNCIATIONS: &str = "\
ABOVE  AH B OW V
ARE  EH R
AS  AA Z
BROTHER  B R AH DH AH
COME  K OW M
DO  D OW
DOES  D OW Z
DONE  D OW N
FATHER  F AE DH AH
GIVE  G AY V
GIVES  G AY V Z
GONE  G OW N
HAS  HH AA Z
HAVE  HH EY V
I  IY
INTO  IH N T OW
IS  IY S
LIVED  L AY V D
MANY  M AE N IY
ME  M EY
NOTHING  N OW DH IH NG
OF  AO F
ONCE  OW N S EY
ONE  OW N EY
ONLY  AA N L IY
OTHER  AH DH AH
OVER  OW V AH
PUT  P AH T
SAID  S EY D
SAYS  S EY Z
SON  S AA N
THESE  TH IY Z
TO  T OW
TODAY  T OW D EY
TWO  T OW
UPON  UW P AA N
US  UW S
WE  W EY
WHAT  HH W AA T
WHEN  EH N
WHO  UW
";
