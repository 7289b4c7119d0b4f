//! The invented people: serial number of the user certificate → person → what the clinic's service knows.
//!
//! `apdu-fixtures` puts the same serials on its emulated cards, `tests/clinic` the same people in its books.

/// Someone who does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Person {
    /// Serial number of the user certificate on the emulated card.
    pub serial: u16,
    /// Name as scenario files write it.
    pub name: &'static str,
    /// Year of birth; the service asks about checkups from 40 on.
    pub born: i16,
    /// What the service finds.
    pub standing: Standing,
    /// The certificate ends with the period of stay.
    pub stay: bool,
}

/// What the clinic's service finds about a person (qualification.md section 8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// 有効
    Valid,
    /// R2: 無効, 新しい資格あり, 該当資格なし, 複数該当
    Desk,
    /// The centre is still processing, or reports an error.
    CentreError,
    /// Not signed up as insurance card, and not offered to.
    NotSignedUp,
    /// Not signed up, offered to; whether the centre does it then.
    SignUp {
        /// It does.
        works: bool,
    },
    /// Valid, but the card behind the phone has ended.
    PhonesCardEnded,
    /// The user certificate is revoked.
    Revoked,
    /// The user certificate is suspended (certificateHold).
    Suspended,
}

/// 見本 若葉
const FOREIGN_RESIDENT: u16 = 1013;

const fn person(serial: u16, name: &'static str, born: i16, standing: Standing) -> Person {
    Person { serial, name, born, standing, stay: serial == FOREIGN_RESIDENT }
}

/// Everyone there is.
pub const PEOPLE: [Person; 17] = [
    person(1001, "見本 花子", 1950, Standing::Valid),
    person(1002, "見本 太郎", 1985, Standing::Valid),
    person(1003, "試験 高子", 1948, Standing::Valid),
    person(1004, "見本 次郎", 1972, Standing::Desk),
    person(1005, "見本 三郎", 1990, Standing::Desk),
    person(1006, "見本 四郎", 1966, Standing::Desk),
    person(1007, "見本 五郎", 1959, Standing::Desk),
    person(1008, "見本 六郎", 1980, Standing::CentreError),
    person(1009, "見本 七子", 1977, Standing::CentreError),
    person(1010, "見本 八重", 1999, Standing::NotSignedUp),
    person(1011, "見本 九美", 1949, Standing::Valid),
    person(1012, "見本 十和", 1947, Standing::PhonesCardEnded),
    person(1013, "見本 若葉", 2001, Standing::Valid),
    person(1014, "見本 失子", 1970, Standing::Revoked),
    person(1015, "見本 停子", 1971, Standing::Suspended),
    person(1017, "見本 登", 1982, Standing::SignUp { works: true }),
    person(1018, "見本 戻", 1964, Standing::SignUp { works: false }),
];

impl Person {
    /// The person with this name, written with one space.
    #[must_use]
    pub fn by_name(name: &str) -> Option<&'static Self> {
        PEOPLE.iter().find(|person| person.name == name)
    }

    /// The same, or by serial number.
    #[must_use]
    pub fn by_name_or_serial(text: &str) -> Option<&'static Self> {
        Self::by_name(text).or_else(|| PEOPLE.iter().find(|person| text.parse() == Ok(person.serial)))
    }
}
