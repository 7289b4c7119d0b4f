//! JP2 files by hand (ISO/IEC 15444-1 annex I), for what a photo may and may not be.

/// The boxes of card.md 5.3. The codestream is empty: nobody here decodes it.
#[derive(Clone, Debug)]
pub struct Jp2 {
    pub width: u32,
    pub height: u32,
    pub components: u16,
    pub space: u32,
    pub depth: u8,
    /// Bytes of a box that means nothing; `None`: there is none.
    pub filler: Option<usize>,
}

impl Default for Jp2 {
    fn default() -> Self {
        Jp2 { width: 240, height: 300, components: 1, space: 17, depth: 7, filler: None }
    }
}

impl Jp2 {
    pub fn bytes(&self) -> Vec<u8> {
        let mut image = [self.height.to_be_bytes(), self.width.to_be_bytes()].concat();
        image.extend(self.components.to_be_bytes());
        image.extend([self.depth, 7, 0, 0]);
        let mut colour = vec![1, 0, 0];
        colour.extend(self.space.to_be_bytes());
        let header = [a_box(b"ihdr", &image), a_box(b"colr", &colour)].concat();
        let mut out = a_box(b"jP  ", &[0x0D, 0x0A, 0x87, 0x0A]);
        out.extend(a_box(b"ftyp", b"jp2 \0\0\0\0jp2 "));
        out.extend(a_box(b"jp2h", &header));
        if let Some(length) = self.filler {
            out.extend(a_box(b"free", &vec![0x5A; length]));
        }
        out.extend(a_box(b"jp2c", &self.codestream()));
        out
    }

    fn codestream(&self) -> Vec<u8> {
        let mut out = vec![0xFF, 0x4F, 0xFF, 0x51];
        out.extend((38 + 3 * self.components).to_be_bytes());
        out.extend([0, 0]);
        for side in [self.width, self.height, 0, 0, self.width, self.height, 0, 0] {
            out.extend(side.to_be_bytes());
        }
        out.extend(self.components.to_be_bytes());
        (0..self.components).for_each(|_| out.extend([7, 1, 1]));
        out.extend([0xFF, 0xD9]);
        out
    }
}

fn a_box(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let mut out = (content.len() as u32 + 8).to_be_bytes().to_vec();
    out.extend(kind);
    out.extend(content);
    out
}
