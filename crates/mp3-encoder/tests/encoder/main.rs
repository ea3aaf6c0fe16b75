//! What the encoder writes, read back by decoders that are not its own.

mod decoders;
mod misuse;
mod quality;
mod sounds;
mod validity;
