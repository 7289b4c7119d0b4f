//! Argon2id over the digits, and which digits are taken at all.

use argon2::{Algorithm, Argon2, Block, Params, PasswordHash, Version};
use base64ct::{Base64Unpadded, Encoding as _};
use rand_core::{OsRng, RngCore as _};
use zeroize::{Zeroize as _, Zeroizing};

use super::{MAX_DIGITS, MIN_DIGITS};

/// 19 MiB, two passes, one lane: the least that OWASP's Password Storage Cheat Sheet names for Argon2id with two passes.
/// Under a tenth of a second on a desktop. The lock is what protects few digits; this protects a stolen disk for longer.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const SALT: usize = 16;
const HASH: usize = 32;

/// Why digits are not taken as a passcode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Too few, too many, or not only digits.
    #[error("a passcode has {MIN_DIGITS} to {MAX_DIGITS} digits and nothing else")]
    Form,
    /// The first that anyone tries.
    #[error("digits that repeat or count up or down are guessed first; take others")]
    Trivial,
}

/// Whether a passcode may be set to this.
pub(super) fn judge(digits: &[u8]) -> Result<(), Refused> {
    if !(MIN_DIGITS..=MAX_DIGITS).contains(&digits.len()) || !digits.iter().all(u8::is_ascii_digit) {
        return Err(Refused::Form);
    }
    let steps = digits.windows(2).filter_map(|pair| match pair {
        [one, next] => Some((10 + next - one) % 10),
        _ => None,
    });
    let first = digits.first().zip(digits.get(1)).map(|(one, next)| (10 + next - one) % 10);
    let runs = steps.clone().all(|step| Some(step) == first);
    // 121212, 123123; two halves of six digits and more.
    let repeats = (1..=digits.len() / 2).any(|period| {
        digits.len().is_multiple_of(period)
            && digits.iter().zip(digits.iter().skip(period)).all(|(one, later)| one == later)
    });
    if runs || repeats { Err(Refused::Trivial) } else { Ok(()) }
}

/// As it is stored: a PHC string with a salt of its own.
pub(super) fn hash(digits: &[u8]) -> Option<Zeroizing<String>> {
    let mut salt = [0; SALT];
    OsRng.try_fill_bytes(&mut salt).ok()?;
    let mut out = Zeroizing::new([0; HASH]);
    let params = Params::new(MEMORY_KIB, PASSES, LANES, Some(HASH)).ok()?;
    compute(params, digits, &salt, out.as_mut_slice())?;
    let (salt, out) =
        (Base64Unpadded::encode_string(&salt), Zeroizing::new(Base64Unpadded::encode_string(out.as_slice())));
    Some(Zeroizing::new(format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${salt}${}", *out)))
}

/// Whether these are the digits. `hashed` has been judged well-formed, so its demands are bounded; the comparison takes
/// the same time for every difference.
pub(super) fn matches(hashed: &str, digits: &[u8]) -> bool {
    compare(hashed, digits).unwrap_or(false)
}

fn compare(hashed: &str, digits: &[u8]) -> Option<bool> {
    let parsed = PasswordHash::new(hashed).ok()?;
    let expected = parsed.hash?;
    let mut salt = [0; 64];
    let salt = parsed.salt?.decode_b64(&mut salt).ok()?;
    let mut out = Zeroizing::new([0; 64]);
    let out = out.get_mut(..expected.len())?;
    compute(Params::try_from(&parsed).ok()?, digits, salt, out)?;
    // `Output` compares in constant time.
    Some(argon2::password_hash::Output::new(out).ok()? == expected)
}

/// With memory of our own, because it has to be wiped.
fn compute(params: Params, digits: &[u8], salt: &[u8], out: &mut [u8]) -> Option<()> {
    let mut memory = vec![Block::default(); params.block_count()];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let done = argon2.hash_password_into_with_memory(digits, salt, out, &mut memory);
    memory.zeroize();
    done.ok()
}
