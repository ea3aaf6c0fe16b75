//! The encoder's files, read back by independent decoders.

mod decoders;
mod misuse;
mod quality;
mod sounds;
mod validity;
