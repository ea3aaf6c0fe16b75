//! Computes the duration of Vorbis packets.

/// The two block sizes, and the modes with the long one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Blocksizes {
    short: u32,
    long: u32,
    mode_bits: u32,
    /// A bit for each mode.
    long_modes: u64,
}

/// A mode in the setup header: its flag, two numbers of 16 bits that are zero, and the mapping.
const MODE_BITS: usize = 1 + 16 + 16 + 8;
const MOST_MODES: usize = 64;

impl Blocksizes {
    /// Reads the exponents of the sizes and the setup header. The modes are at the end of that
    /// header, after data that only a decoder can read. So they are read backward, as many as their
    /// own count says.
    pub(crate) fn of(exponents: u8, setup: &[u8]) -> Option<Self> {
        let (short, long) = (exponents & 0x0F, exponents >> 4);
        if !(6..=13).contains(&short) || !(short..=13).contains(&long) {
            return None;
        }
        let bit = |at: usize| setup[at / 8] >> (at % 8) & 1 == 1;
        let number = |at: usize, bits: usize| {
            (0..bits).fold(0_u64, |sum, n| sum | u64::from(bit(at + n)) << n)
        };
        let last = setup.iter().rposition(|byte| *byte != 0)?;
        // The framing bit is the last bit that is set.
        let framing = last * 8 + (7 - setup[last].leading_zeros() as usize);
        let first_bits = 7 * 8;
        let mut found = None;
        for count in 1..=MOST_MODES {
            let Some(start) = framing
                .checked_sub(count * MODE_BITS)
                .filter(|start| *start >= first_bits + 6)
            else {
                break;
            };
            if number(start + 1, 32) != 0 || number(start + 33, 8) > 63 {
                break;
            }
            if number(start - 6, 6) as usize + 1 == count {
                found = Some((count, start));
            }
        }
        let (count, start) = found?;
        let long_modes = (0..count).fold(0, |modes, mode| {
            modes | u64::from(bit(start + mode * MODE_BITS)) << mode
        });
        Some(Blocksizes {
            short: 1 << short,
            long: 1 << long,
            mode_bits: usize::BITS - (count - 1).leading_zeros(),
            long_modes,
        })
    }

    /// Returns the number of samples that a packet completes; the first packet completes none.
    pub(crate) fn samples(&self, packet: &[u8], previous: &mut u32) -> u32 {
        let Some(first) = packet.first().filter(|first| *first & 1 == 0) else {
            return 0;
        };
        let mode = first >> 1 & ((1_u32 << self.mode_bits) - 1) as u8;
        let size = match self.long_modes >> (mode & 63) & 1 {
            1 => self.long,
            _ => self.short,
        };
        let samples = match *previous {
            0 => 0,
            previous => (previous + size) / 4,
        };
        *previous = size;
        samples
    }
}
