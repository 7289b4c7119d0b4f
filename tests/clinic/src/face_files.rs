//! The result file of a visit: owed in the books from the moment the visit's result is, written before its receipt.

use base64ct::{Base64Url, Encoding as _};
use qualification::{
    Word,
    protocol::{CertificateState, Receipt, ResultClaims},
};
use rand_core::{OsRng, RngCore};

use crate::{
    books::{OwedFile, Proved, Told},
    compose::{consents::Consents, face::Visit},
    dates,
    patients::{OtherAnswer, OtherCertificate},
    refusal::Refusal,
    service::Service,
};

/// What was answered to the questions about other certificates.
type Others<'a> = &'a [(OtherCertificate, OtherAnswer)];

impl Service {
    /// The receipt, once the result's file is in its folder: a レセコン must never miss what the patient was told is done.
    pub(crate) fn with_file(&self, session: &str, receipt: Receipt) -> Result<Receipt, Refusal> {
        if self.exchange.is_none() || !self.books.owes(session)? {
            return Ok(receipt);
        }
        let written = self.write_owed();
        // Another file may be what could not be written.
        if self.books.owes(session)? {
            let why = written.err().unwrap_or_default();
            return Err(Refusal::new(Word::Internal, format!("the result file cannot be written: {why}")));
        }
        Ok(receipt)
    }

    /// Writes everything that is owed, where there is a folder.
    pub(crate) fn write_owed(&self) -> Result<(), String> {
        self.exchange.as_ref().map_or(Ok(()), |exchange| exchange.write_owed(&self.books))
    }

    /// The file of a result, once it is known what other certificates were found.
    pub(crate) fn file_of<'a>(
        &'a self,
        proved: &'a Proved,
        claims: &'a ResultClaims,
        now_ms: u64,
    ) -> Result<impl Fn(Others<'_>) -> Result<Option<OwedFile>, Refusal> + 'a, Refusal> {
        // Read before the transaction that the file becomes part of.
        let references = self.references(proved)?;
        Ok(move |others: Others<'_>| self.face_file_with(proved, Some(claims), others, references.clone(), now_ms))
    }

    /// The file of a visit; `None`: no folder, or nothing to tell.
    pub(crate) fn face_file(
        &self,
        proved: &Proved,
        claims: Option<&ResultClaims>,
        others: Others<'_>,
        now_ms: u64,
    ) -> Result<Option<OwedFile>, Refusal> {
        self.face_file_with(proved, claims, others, self.references(proved)?, now_ms)
    }

    fn references(&self, proved: &Proved) -> Result<Vec<Option<String>>, Refusal> {
        let insurances = proved.patient.into_iter().flat_map(|patient| self.centre.insurances(patient));
        let all = insurances.map(|insurance| self.books.reference(&insurance.numbers().key()));
        Ok(all.collect::<rusqlite::Result<_>>()?)
    }

    fn face_file_with(
        &self,
        proved: &Proved,
        claims: Option<&ResultClaims>,
        others: Others<'_>,
        reference_numbers: Vec<Option<String>>,
        now_ms: u64,
    ) -> Result<Option<OwedFile>, Refusal> {
        let Some(exchange) = &self.exchange else { return Ok(None) };
        let broken = |what| Refusal::new(Word::Internal, what);
        let now = dates::moment_in_japan(now_ms).ok_or_else(|| broken("the clock stands outside the calendar"))?;
        let mut token = [0; 12];
        OsRng.try_fill_bytes(&mut token).map_err(|_| broken("no random bytes"))?;
        let person = proved.patient.and_then(|number| self.centre.person(number));
        let told = proved.told.clone().or_else(|| {
            // Proved before the centre's answer was kept: nothing is known of the certificate.
            let qualification = person.map(|person| person.outcome)?;
            Some(Told { qualification, certificate: CertificateState::Valid })
        });
        let Some(Told { qualification, certificate }) = told else { return Ok(None) };
        let takes = self.controls.settings().specific_diseases;
        let visit = Visit {
            now,
            institution: &self.facility.institution_code,
            token: Base64Url::encode_string(&token),
            qualification,
            certificate,
            person,
            insurances: proved.patient.into_iter().flat_map(|patient| self.centre.insurances(patient)).collect(),
            consents: claims.map(|claims| Consents::of(claims, takes)).unwrap_or_default(),
            holds_specific_disease: others.contains(&(OtherCertificate::SpecificDisease, OtherAnswer::Held)),
            reference_numbers,
        };
        exchange.face(&visit)
    }
}
