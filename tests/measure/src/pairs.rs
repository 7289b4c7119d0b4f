//! A folder of pairs: `pairs.csv` with the columns `probe,card,same` and, where somebody measured before, a reference
//! cosine; `probe/ID.jpg` and one folder of card photos, `ID.jp2` or `ID.jpg`.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};

/// One line of `pairs.csv`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pair {
    /// Before the camera.
    pub(crate) probe: String,
    /// On the card.
    pub(crate) card: String,
    /// One person.
    pub(crate) same: bool,
    /// The cosine somebody else measured.
    pub(crate) reference: Option<f32>,
}

/// The folder.
pub(crate) struct Folder {
    root: PathBuf,
    cards: String,
    /// The lines.
    pub(crate) pairs: Vec<Pair>,
}

impl Folder {
    /// Reads `pairs.csv`; references are taken from `column`, where there is one of that name.
    ///
    /// # Errors
    /// The line that cannot be read, and why.
    pub(crate) fn read(root: &Path, cards: &str, column: &str) -> Result<Self> {
        let file = root.join("pairs.csv");
        let text = fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))?;
        let pairs = parse(&text, column).with_context(|| file.display().to_string())?;
        Ok(Self { root: root.to_owned(), cards: cards.to_owned(), pairs })
    }

    /// Everybody before the camera, once.
    #[must_use]
    pub(crate) fn probes(&self) -> Vec<&str> {
        unique(self.pairs.iter().map(|pair| pair.probe.as_str()))
    }

    /// Everybody on a card, once.
    #[must_use]
    pub(crate) fn cards(&self) -> Vec<&str> {
        unique(self.pairs.iter().map(|pair| pair.card.as_str()))
    }

    /// The camera's picture of this person.
    #[must_use]
    pub(crate) fn probe(&self, id: &str) -> PathBuf {
        self.root.join("probe").join(format!("{id}.jpg"))
    }

    /// The card's photo of this person.
    #[must_use]
    pub(crate) fn card(&self, id: &str) -> PathBuf {
        let jp2 = self.root.join(&self.cards).join(format!("{id}.jp2"));
        if jp2.exists() { jp2 } else { jp2.with_extension("jpg") }
    }
}

fn unique<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut names: Vec<_> = names.collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn parse(text: &str, column: &str) -> Result<Vec<Pair>> {
    let mut lines = text.lines();
    let names: Vec<_> = lines.next().context("it is empty")?.split(',').collect();
    let place = |name: &str| names.iter().position(|one| *one == name);
    let wanted = |name: &str| place(name).with_context(|| format!("it has no column \"{name}\""));
    let (probe, card, same, reference) = (wanted("probe")?, wanted("card")?, wanted("same")?, place(column));
    let mut pairs = Vec::new();
    for (number, line) in lines.enumerate().filter(|(_, line)| !line.is_empty()) {
        let fields: Vec<_> = line.split(',').collect();
        let number = number + 2;
        let field = |at: usize| fields.get(at).copied().with_context(|| format!("line {number} is too short"));
        let same = match field(same)? {
            "1" => true,
            "0" => false,
            other => bail!("line {number}: same is 1 or 0, not \"{other}\""),
        };
        let reference = match reference {
            Some(at) => Some(field(at)?.parse().with_context(|| format!("line {number}: no number"))?),
            None => None,
        };
        let id = |text: &str| -> Result<String> {
            // A name of a file, never a way out of the folder.
            let plain = !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c));
            if !plain || text.starts_with('.') {
                bail!("line {number}: \"{text}\" is no id");
            }
            Ok(text.to_owned())
        };
        pairs.push(Pair { probe: id(field(probe)?)?, card: id(field(card)?)?, same, reference });
    }
    if pairs.is_empty() {
        bail!("it holds no pair");
    }
    Ok(pairs)
}

/// A groups file: `id,group`, one line a person.
///
/// # Errors
/// The line that cannot be read.
pub(crate) fn groups(file: &Path) -> Result<BTreeMap<String, String>> {
    let text = fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.is_empty() && *line != "id,group")
        .map(|(number, line)| {
            let (id, group) = line.split_once(',').with_context(|| format!("line {}: \"id,group\"", number + 1))?;
            Ok((id.to_owned(), group.to_owned()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_read_with_the_reference_that_was_asked_for() {
        let pairs = parse("probe,card,same,a,b\nx,x,1,0.5,0.6\nx,y,0,0.1,0.2\n", "b").unwrap();
        assert_eq!((pairs[0].same, pairs[0].reference), (true, Some(0.6)));
        assert_eq!(parse("probe,card,same\nx,y,0\n", "b").unwrap()[0].reference, None);
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        for (text, told) in [
            ("", "empty"),
            ("probe,same\n", "column \"card\""),
            ("probe,card,same\nx,y,2\n", "line 2"),
            ("probe,card,same\nx\n", "line 2"),
            ("probe,card,same\n../x,y,1\n", "no id"),
            ("probe,card,same\n", "no pair"),
        ] {
            let error = format!("{:#}", parse(text, "b").unwrap_err());
            assert!(error.contains(told), "{text:?}: {error}");
        }
    }
}
