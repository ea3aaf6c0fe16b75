//! Stands in for the library in builds without the feature `listen`.

use std::path::Path;

use crate::listen::error::Unavailable;

/// Never exists.
#[derive(Debug)]
pub enum Native {}

impl Native {
    pub fn load(_library: &Path, _weights: Vec<u8>) -> Result<Native, Unavailable> {
        Err(Unavailable::NotBuilt)
    }

    pub fn run(&mut self, _samples: &[f32], _symbols: usize) -> Option<Vec<f32>> {
        match *self {}
    }
}
