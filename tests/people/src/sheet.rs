//! A contact sheet: many small pictures on one, to look at.

use std::path::Path;

use crate::crowd::{Order, View, photo, picture};
use crate::dice::{Dice, Purpose};
use crate::person::Person;
use crate::picture::Picture;
use crate::space::Space;
use crate::stage::Model;

/// Draws `count` persons from `first`, one row each: the card photo and `each` pictures of a view.
///
/// # Errors
/// When the file cannot be written.
pub fn crowd_sheet(space: &Space, order: &Order, file: &Path) -> anyhow::Result<()> {
    let each = order.each.max(1);
    let mut rows = Vec::new();
    for id in order.first..order.first + order.count {
        let model = Model::of(space, Person::draw(space, order.seed, id));
        let mut row = Vec::new();
        if order.view == View::Head {
            row.push(
                photo(&model, &mut Dice::new(order.seed, id, Purpose::Shot, order.view as u64), 160, 57.0).picture,
            );
        }
        for number in 1..=each {
            row.push(picture(space, order, &model, number).picture);
        }
        rows.push(row);
    }
    tiled(&rows).save_png(file)
}

/// Rows of pictures of one size, with a narrow border.
pub(crate) fn tiled(rows: &[Vec<Picture>]) -> Picture {
    let (width, height) = rows.iter().flatten().next().map_or((1, 1), |p| (p.width, p.height));
    let columns = rows.iter().map(Vec::len).max().unwrap_or(1);
    let mut sheet = Picture::new(columns * (width + 4) + 4, rows.len() * (height + 4) + 4, [250.0; 3]);
    for (y, row) in rows.iter().enumerate() {
        for (x, picture) in row.iter().enumerate() {
            sheet.paste(picture, 4 + x * (width + 4), 4 + y * (height + 4));
        }
    }
    sheet
}
