//! What the centre knows of an invented person's insurance: what result files are made of.

use jiff::civil::Date;
use serde::{Deserialize, Deserializer};

use crate::files::{
    InsurerNumber,
    codes::{
        Code, InsuredCard, LimitCertificate, LimitClass, PersonalFamily, Preschool, ReasonOfLoss, SpecificDisease,
    },
    folded,
};

/// One qualification of a person, current or lost.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Insurance {
    /// Whose: the person's number in the books.
    pub serial: u64,
    /// 被保険者証区分.
    #[serde(deserialize_with = "code")]
    pub classification: InsuredCard,
    /// 保険者番号.
    #[serde(deserialize_with = "insurer")]
    pub insurer: InsurerNumber,
    /// 保険者名称.
    pub insurer_name: String,
    /// 記号.
    pub symbol: Option<String>,
    /// 番号.
    pub number: String,
    /// 枝番.
    pub branch: Option<String>,
    /// 本人・家族.
    #[serde(deserialize_with = "code")]
    pub person: PersonalFamily,
    /// The householder.
    pub householder: Option<String>,
    /// 郵便番号.
    pub post_number: Option<String>,
    /// Address.
    pub address: Option<String>,
    /// 資格取得年月日.
    pub acquired: Option<Date>,
    /// 資格喪失年月日: no longer valid from that day on.
    pub lost: Option<Date>,
    /// Why it was lost.
    #[serde(default, deserialize_with = "maybe_code")]
    pub lost_by: Option<ReasonOfLoss>,
    /// 交付年月日.
    pub issued: Option<Date>,
    /// 有効終了年月日.
    pub expires: Option<Date>,
    /// 後期高齢者: share to pay.
    pub partial_ratio: Option<String>,
    /// 高齢受給者証: share to pay.
    pub elderly_ratio: Option<String>,
    /// 未就学.
    #[serde(default, deserialize_with = "maybe_code")]
    pub preschool: Option<Preschool>,
    /// 限度額適用認定証.
    pub limit: Option<Limit>,
    /// 特定疾病療養受療証.
    #[serde(default)]
    pub diseases: Vec<Disease>,
}

/// 限度額適用認定証.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// 認定証区分.
    #[serde(deserialize_with = "code")]
    pub certificate: LimitCertificate,
    /// 適用区分.
    #[serde(deserialize_with = "code")]
    pub class: LimitClass,
    /// 有効開始年月日.
    pub from: Option<Date>,
    /// 有効終了年月日.
    pub to: Option<Date>,
}

/// 特定疾病療養受療証.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disease {
    /// Which.
    #[serde(deserialize_with = "code")]
    pub disease: SpecificDisease,
    /// 有効開始年月日.
    pub from: Option<Date>,
    /// 有効終了年月日.
    pub to: Option<Date>,
    /// Yen per month.
    pub self_pay: Option<u32>,
}

/// The numbers of an insurance card, as a request gives them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbers {
    /// 保険者番号.
    pub insurer: InsurerNumber,
    /// 記号; `None`: not given, any fits.
    pub symbol: Option<String>,
    /// 番号.
    pub number: String,
    /// 枝番; `None`: not given, any fits.
    pub branch: Option<String>,
}

impl Insurance {
    /// Whether these are its numbers. Width and spaces say nothing.
    #[must_use]
    pub fn has(&self, numbers: &Numbers) -> bool {
        let same = |asked: Option<&str>, mine: Option<&str>| {
            asked.is_none_or(|asked| folded(asked) == folded(mine.unwrap_or_default()))
        };
        self.insurer == numbers.insurer
            && same(Some(&numbers.number), Some(&self.number))
            && same(numbers.symbol.as_deref(), self.symbol.as_deref())
            && same(numbers.branch.as_deref(), self.branch.as_deref())
    }

    /// Its own numbers.
    #[must_use]
    pub fn numbers(&self) -> Numbers {
        Numbers {
            insurer: self.insurer.clone(),
            symbol: self.symbol.clone(),
            number: self.number.clone(),
            branch: self.branch.clone(),
        }
    }

    /// Whether it is valid on that day.
    #[must_use]
    pub fn is_valid_on(&self, day: Date) -> bool {
        let begun = self.acquired.is_none_or(|acquired| acquired <= day);
        begun && self.lost.is_none_or(|lost| day < lost)
    }
}

impl Numbers {
    /// One text for the books: the same for the same card, however its numbers were written.
    #[must_use]
    pub fn key(&self) -> String {
        let part = |text: Option<&str>| folded(text.unwrap_or_default());
        let (symbol, number) = (part(self.symbol.as_deref()), part(Some(&self.number)));
        format!("{}/{symbol}/{number}/{}", self.insurer.number(), part(self.branch.as_deref()))
    }
}

fn code<'de, D: Deserializer<'de>, C: Code>(from: D) -> Result<C, D::Error> {
    let text = String::deserialize(from)?;
    C::from_code(&text).ok_or_else(|| serde::de::Error::custom(format!("{text:?} is not in {}", C::TABLE.id)))
}

fn maybe_code<'de, D: Deserializer<'de>, C: Code>(from: D) -> Result<Option<C>, D::Error> {
    code(from).map(Some)
}

fn insurer<'de, D: Deserializer<'de>>(from: D) -> Result<InsurerNumber, D::Error> {
    let text = String::deserialize(from)?;
    InsurerNumber::new(&text).ok_or_else(|| serde::de::Error::custom(format!("{text:?} is no insurer number")))
}
