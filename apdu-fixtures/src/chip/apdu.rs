//! The card's side of a command APDU: header first, lengths judged only when a command asks for them (E-40).

use super::status::Status;

/// One command as received.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Command<'a> {
    pub(crate) cla: u8,
    pub(crate) ins: u8,
    pub(crate) p1: u8,
    pub(crate) p2: u8,
    body: Option<Body<'a>>,
}

/// Data and expected length, both already consistent with the number of bytes received.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Body<'a> {
    pub(crate) data: &'a [u8],
    /// `None`: no answer data is expected. 1 to 65 536 otherwise.
    pub(crate) le: Option<usize>,
    pub(crate) extended: bool,
}

impl<'a> Command<'a> {
    /// `None` when there is not even a header.
    pub(crate) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (&[cla, ins, p1, p2], rest) = bytes.split_first_chunk::<4>()?;
        Some(Command { cla, ins, p1, p2, body: body(rest) })
    }

    /// Data and Le, or `6700`.
    pub(crate) fn body(&self) -> Result<Body<'a>, Status> {
        self.body.ok_or(Status::WRONG_LENGTH)
    }
}

/// ISO 7816-4 5.2: the seven cases.
fn body(rest: &[u8]) -> Option<Body<'_>> {
    let short = |data, le| Some(Body { data, le, extended: false });
    match rest {
        [] => short(&[], None),
        &[le] => short(&[], Some(short_le(le))),
        &[0, hi, lo] => Some(Body { data: &[], le: Some(extended_le(hi, lo)), extended: true }),
        [0, hi, lo, tail @ ..] => {
            let length = usize::from(u16::from_be_bytes([*hi, *lo]));
            let (data, le) = tail.split_at_checked(length).filter(|_| length > 0)?;
            let le = match le {
                [] => None,
                &[hi, lo] => Some(extended_le(hi, lo)),
                _ => return None,
            };
            Some(Body { data, le, extended: true })
        }
        [length, tail @ ..] => {
            let (data, le) = tail.split_at_checked(usize::from(*length)).filter(|_| *length > 0)?;
            match le {
                [] => short(data, None),
                &[le] => short(data, Some(short_le(le))),
                _ => None,
            }
        }
    }
}

fn short_le(le: u8) -> usize {
    if le == 0 { 256 } else { usize::from(le) }
}

fn extended_le(hi: u8, lo: u8) -> usize {
    match u16::from_be_bytes([hi, lo]) {
        0 => 65_536,
        le => usize::from(le),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(bytes: &[u8]) -> Option<(usize, Option<usize>, bool)> {
        body(bytes).map(|body| (body.data.len(), body.le, body.extended))
    }

    #[test]
    fn all_seven_cases_are_told_apart() {
        assert_eq!(parts(&[]), Some((0, None, false)));
        assert_eq!(parts(&[0]), Some((0, Some(256), false)));
        assert_eq!(parts(&[2, 1, 1]), Some((2, None, false)));
        assert_eq!(parts(&[2, 1, 1, 0]), Some((2, Some(256), false)));
        assert_eq!(parts(&[0, 0, 0]), Some((0, Some(65_536), true)));
        assert_eq!(parts(&[0, 0, 1, 9]), Some((1, None, true)));
        assert_eq!(parts(&[0, 0, 1, 9, 1, 0]), Some((1, Some(256), true)));
    }

    #[test]
    fn lengths_that_do_not_fit_are_refused() {
        for bytes in [&[3, 1, 1][..], &[1, 1, 1, 1], &[0, 0], &[0, 0, 0, 0, 0], &[0, 0, 2, 1], &[0, 0, 1, 9, 1]] {
            assert_eq!(parts(bytes), None, "{bytes:02X?}");
        }
    }
}
