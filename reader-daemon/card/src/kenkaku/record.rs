//! EF 0002, the face of the card (card.md 5.2), and what its signature covers (card.md 5.4 step 3).
//!
//! The tags must lie exactly where the offset table says: a file that contradicts itself is refused, whatever is signed.

use sha2::{Digest, Sha256};

use crate::{
    PublicKey,
    surface::is_real_day,
    tlv::{Object, TlvFile},
};

const OUTER: u32 = 0xFF20;
const OFFSET_TABLE: u32 = 0xDF21;
/// What follows the table, in this order.
const TAGS: [u32; 9] = [0xDF22, 0xDF23, 0xDF24, 0xDF25, 0xDF26, 0xDF27, 0xDF28, 0xDF29, 0xDF2A];
/// The one object that may be missing: a card without a photo.
const PHOTO: u32 = 0xDF27;
/// DigestInfo that names SHA-256 and carries three hashes.
const THREE_HASHES: [u8; 19] =
    [0x30, 0x71, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x60];
/// JIS X 0303: not known, male, female, not applicable.
const SEXES: [u8; 4] = *b"0129";

/// A record of the right form. Nothing of it is authentic before [`CardFace::authenticated`].
pub(super) struct CardFace<'a> {
    birth_date: Object<'a>,
    sex: Object<'a>,
    key: Object<'a>,
    name: Object<'a>,
    address: Object<'a>,
    photo: Option<Object<'a>>,
    signature: Object<'a>,
}

/// What the data signer vouches for.
pub(super) struct Authenticated<'a> {
    pub(super) birth_date: [u8; 8],
    pub(super) sex: u8,
    /// The chip's own key, for active authentication.
    pub(super) chip_key: PublicKey,
    /// Empty where there is none.
    pub(super) photo: &'a [u8],
}

impl<'a> CardFace<'a> {
    /// `None`: not exactly these objects in this order, or a table that does not say where they are.
    pub(super) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let file = TlvFile::parse(bytes).ok()?;
        let mut objects = file.objects();
        let (outer, table) = (objects.next()?, objects.next()?);
        if outer.tag != OUTER || table.tag != OFFSET_TABLE || table.depth != 1 {
            return None;
        }
        let mut rest = objects.peekable();
        let mut found = [None; TAGS.len()];
        for (place, tag) in found.iter_mut().zip(TAGS) {
            *place = rest.next_if(|object| object.tag == tag && object.depth == 1);
            if place.is_none() && tag != PHOTO {
                return None;
            }
        }
        if rest.next().is_some() || !table_fits(table.value, &found) {
            return None;
        }
        let [birth_date, sex, key, name, address, photo, signature, _expiry, _code] = found;
        Some(Self {
            birth_date: birth_date?,
            sex: sex?,
            key: key?,
            name: name?,
            address: address?,
            photo,
            signature: signature?,
        })
    }

    /// Checks DF28: the whole block that the signature hides is compared with the only one that is right, so nothing in
    /// it is read leniently. `None`: not signed by this key, or what is signed is no birth date, sex or key.
    pub(super) fn authenticated(&self, signer: &PublicKey) -> Option<Authenticated<'a>> {
        let photo = self.photo.map(|photo| photo.whole).unwrap_or_default();
        let mut signed = THREE_HASHES.to_vec();
        signed.extend(hash(&[self.birth_date.whole, self.sex.whole, self.key.whole]));
        signed.extend(hash(&[self.name.whole, self.address.whole]));
        signed.extend(hash(&[photo]));
        signer.verify_block(&signed, self.signature.value).ok()?;
        let birth_date = self.birth_date.value.try_into().ok().filter(is_real_day)?;
        let &[sex] = self.sex.value else { return None };
        Some(Authenticated {
            birth_date,
            sex: SEXES.contains(&sex).then_some(sex)?,
            chip_key: super::public_key(self.key.value)?,
            photo: self.photo.map(|photo| photo.value).unwrap_or_default(),
        })
    }
}

/// Nobody has published how a card without a photo writes its table: left out, zero and FFFF are taken for it.
fn table_fits(table: &[u8], found: &[Option<Object<'_>>; TAGS.len()]) -> bool {
    [None, Some(0x0000), Some(0xFFFF_usize)].into_iter().any(|missing| {
        let places = found.iter().filter_map(|object| object.map(|object| object.start).or(missing));
        let written: Option<Vec<_>> = places.map(|place| u16::try_from(place).ok()).collect();
        written.is_some_and(|written| written.into_iter().flat_map(u16::to_be_bytes).eq(table.iter().copied()))
    })
}

fn hash(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into()
}
