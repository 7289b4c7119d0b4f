//! What staff are told, one line per row of qualification.md section 8. Never shown to the patient; no names.

use qualification::{
    Word,
    protocol::{CertificateState, Qualification},
};

use super::{OtherAnswer, OtherCertificate, Patient};

/// Lines for staff.
pub(super) fn lines(
    qualification: Qualification,
    certificate: &CertificateState,
    person: Option<&Patient>,
) -> Vec<String> {
    let mut lines = vec![of_qualification(qualification).to_owned()];
    lines.extend(of_certificate(certificate));
    if qualification == Qualification::Valid
        && let Some(person) = person
    {
        if person.name.contains('●') {
            lines.push("氏名に●が含まれます。請求は●のままで行えます。呼び出しにはカナ氏名をお使いください。".into());
        }
        lines.extend(contradiction(person).map(str::to_owned));
    }
    lines
}

/// What staff read about a visit that was refused with this word.
pub(crate) fn note(word: Word) -> &'static str {
    if word == Word::PersonDiffers {
        "カードの顔写真の記録と電子証明書の持ち主が一致しません。顔認証では受け付けていません。職員がご本人とカードを確認してください。"
    } else if word == Word::CardRefused {
        "カードが暗証番号なしの認証を受け付けませんでした。暗証番号で受け付けるか、職員がご本人を確認してください。"
    } else if word == Word::SignUpFailed {
        "健康保険証としての利用登録ができませんでした。資格確認書などで確認し、登録は時間をおくか、マイナポータルや市区町村窓口をご案内ください。"
    } else if word == Word::DemonstrationResult {
        "見本用の顔認証で動いている端末の結果なので、受け付けませんでした。この端末は本人確認に使えません。職員がご本人とカードを確認し、端末の設定（[face] manifest）を研究用または承認済みのモデルに直してください。"
    } else {
        "端末からの要求を断りました。職員がご本人を確認してください。"
    }
}

fn of_qualification(qualification: Qualification) -> &'static str {
    match qualification {
        Qualification::Valid => "資格：有効",
        Qualification::Invalid => {
            "資格：無効。保険者が変わり、新しい資格がまだ登録されていない可能性があります。新しい資格確認書などを確認してください。なければ10割で預かり後日精算、または資格申立書。"
        }
        Qualification::InvalidNewExists => "資格：無効（新しい資格あり）。新しい資格確認書などの提示を求めてください。",
        Qualification::NotFound => "該当資格なし。お手持ちの資格確認書などで確認してください。",
        Qualification::Several => "複数該当。枝番を加えて照会し直してください。",
        Qualification::Processing => {
            "照会は処理中です。時間をおいて照会し直すか、別の方法で確認してください。資格がないという意味ではありません。"
        }
        Qualification::CentreError => {
            "オンライン資格確認等システムのエラーです。別の方法で確認してください。資格がないという意味ではありません。"
        }
        Qualification::NotSignedUp => "健康保険証としての利用登録がまだです。端末または窓口で登録をご案内ください。",
        Qualification::NotLookedUp => "電子証明書が使えないため、資格は照会していません。",
    }
}

fn of_certificate(certificate: &CertificateState) -> Option<String> {
    match certificate {
        CertificateState::Valid => None,
        CertificateState::EndsSoon { last_day, with_stay } => Some(format!(
            "電子証明書の有効期限は{last_day}{}です。市区町村窓口での更新をご案内ください。",
            of_stay(*with_stay)
        )),
        CertificateState::Grace { last_day, with_stay } => Some(format!(
            "電子証明書は{last_day}{}に期限が切れました（3か月の猶予中）。資格確認のみできます。医療情報は閲覧できません。",
            of_stay(*with_stay)
        )),
        CertificateState::Expired => Some(
            "【006】電子証明書の期限が切れ、猶予（カードは3か月、スマートフォンはなし）もありません。資格確認書などで確認してください。"
                .into(),
        ),
        CertificateState::Suspended => {
            Some("電子証明書は一時停止中です（期限切れではありません）。ご本人に確認してください。".into())
        }
        CertificateState::Revoked => {
            Some("【006】電子証明書は失効しています。資格確認書などで確認してください。".into())
        }
    }
}

/// Foreign residents: the certificate ends with the period of stay, and is renewed after that.
fn of_stay(with_stay: bool) -> &'static str {
    if with_stay { "（在留期間の満了日。在留期間の更新後に市区町村窓口へ）" } else { "" }
}

/// What staff read about a certificate that was asked for after the patient's yes.
pub(crate) const fn of_other(kind: OtherCertificate, answer: OtherAnswer) -> &'static str {
    match (kind, answer) {
        (OtherCertificate::SpecificDisease, OtherAnswer::Held) => "特定疾病療養受療証：あり",
        (OtherCertificate::SpecificDisease, OtherAnswer::NotHeld) => {
            "特定疾病療養受療証：登録なし。お持ちのときは紙の受療証を確認してください。"
        }
        (OtherCertificate::SpecificDisease, OtherAnswer::Failed) => {
            "特定疾病療養受療証を照会できませんでした。紙の受療証を確認してください。"
        }
        (OtherCertificate::PublicExpense, OtherAnswer::Held) => "医療費助成の受給者証（PMH）：あり",
        (OtherCertificate::PublicExpense, OtherAnswer::NotHeld) => {
            "医療費助成の受給者証（PMH）：登録なし。お持ちのときは紙の受給者証を確認してください。"
        }
        (OtherCertificate::PublicExpense, OtherAnswer::Failed) => {
            "医療費助成の受給者証（PMH）を照会できませんでした。紙の受給者証を確認してください。"
        }
    }
}

/// Cases 5-1 and 5-2: share to pay and ceiling class contradict each other; no code announces it.
fn contradiction(person: &Patient) -> Option<&'static str> {
    let (ratio, class) = (person.contribution_ratio.as_deref()?, person.ceiling_class.as_deref()?);
    match (ratio, class) {
        ("010" | "020", "B01" | "B02" | "B03") => {
            Some("負担割合と適用区分が合いません（ケース5-1：1割・2割なのに現役並み区分）。保険者に確認してください。")
        }
        ("030", "B04" | "B05" | "B06" | "B07" | "B08" | "B09" | "B10") => {
            Some("負担割合と適用区分が合いません（ケース5-2：3割なのに一般・低所得区分）。保険者に確認してください。")
        }
        _ => None,
    }
}
