//! Pages become bytes. No information dictionary, no XMP, no file id: nothing but what is seen, and the letters for it.

use std::collections::BTreeMap;

use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref, Str};
use subsetter::GlyphRemapper;

use crate::PrintError;
use crate::font::{Fonts, Length, Weight, shown};
use crate::pages::Page;
use crate::rows::{Draw, INK, Style};

const CATALOG: Ref = Ref::new(1);
const PAGES: Ref = Ref::new(2);
/// Five objects for each weight.
const FONTS: i32 = 3;
/// Two for each page.
const FIRST_PAGE: i32 = FONTS + 10;

const IDENTITY: SystemInfo<'static> = SystemInfo {
    registry: Str(b"Adobe"),
    ordering: Str(b"Identity"),
    supplement: 0,
};

/// The glyphs of one weight that are used, by their number in the font: the letters that they show, and their new number.
struct Used {
    weight: Weight,
    glyphs: BTreeMap<u16, (char, u16)>,
    mapper: GlyphRemapper,
}

impl Used {
    fn of(fonts: &Fonts, weight: Weight, pages: &[Page]) -> Self {
        let mut letters = BTreeMap::new();
        for draw in pages.iter().flatten() {
            match draw {
                Draw::Text {
                    weight: set, text, ..
                } if *set == weight => {
                    for letter in text.chars() {
                        if let Some(glyph) = fonts.glyph(weight, letter) {
                            letters.insert(glyph, shown(letter));
                        }
                    }
                }
                Draw::Text { .. } | Draw::Square { .. } | Draw::Bar { .. } => {}
            }
        }
        // In the order of the font, so that the order of the text is not in it.
        let mut mapper = GlyphRemapper::new();
        let glyphs = letters
            .into_iter()
            .map(|(glyph, letter)| (glyph, (letter, mapper.remap(glyph))))
            .collect();
        Self {
            weight,
            glyphs,
            mapper,
        }
    }

    /// What stands before the name of a font of which only a part is there: six capital letters.
    fn name(&self) -> String {
        let mut sum: u32 = 0;
        for glyph in self.glyphs.keys() {
            sum = sum.wrapping_mul(31).wrapping_add(u32::from(*glyph));
        }
        let mut name = String::new();
        for _ in 0..6 {
            name.push(char::from(b'A' + (sum % 26) as u8));
            sum /= 26;
        }
        match self.weight {
            Weight::Regular => name + "+NotoSans-Regular",
            Weight::Bold => name + "+NotoSans-Bold",
        }
    }
}

pub(crate) fn write(fonts: &Fonts, style: Style, pages: &[Page]) -> Result<Vec<u8>, PrintError> {
    let mut pdf = Pdf::new();
    pdf.catalog(CATALOG).pages(PAGES);
    let page_of = |index: usize| FIRST_PAGE + 2 * i32::try_from(index).unwrap_or(i32::MAX / 4);
    let kids = (0..pages.len()).map(|index| Ref::new(page_of(index)));
    let count = i32::try_from(pages.len()).unwrap_or(i32::MAX);
    pdf.pages(PAGES).kids(kids).count(count);
    let used = Weight::ALL.map(|weight| Used::of(fonts, weight, pages));
    for (used, first) in used.iter().zip([FONTS, FONTS + 5]) {
        write_font(&mut pdf, fonts, used, first)?;
    }
    for (index, drawn) in pages.iter().enumerate() {
        let (id, content) = (Ref::new(page_of(index)), Ref::new(page_of(index) + 1));
        let mut page = pdf.page(id);
        page.media_box(Rect::new(
            0.0,
            0.0,
            points(style.width),
            points(style.height),
        ));
        page.parent(PAGES).contents(content);
        let mut resources = page.resources();
        let mut named = resources.fonts();
        for (used, first) in used.iter().zip([FONTS, FONTS + 5]) {
            if !used.glyphs.is_empty() {
                named.pair(font_name(used.weight), Ref::new(first));
            }
        }
        named.finish();
        resources.finish();
        page.finish();
        pdf.stream(content, &write_page(fonts, &used, style, drawn));
    }
    Ok(pdf.finish())
}

const fn font_name(weight: Weight) -> Name<'static> {
    match weight {
        Weight::Regular => Name(b"R"),
        Weight::Bold => Name(b"B"),
    }
}

fn write_page(fonts: &Fonts, used: &[Used; 2], style: Style, page: &Page) -> Vec<u8> {
    let mut content = Content::new();
    for draw in page {
        match draw {
            Draw::Text {
                x,
                y,
                size,
                weight,
                grey,
                text,
            } => {
                let of = used.iter().find(|used| used.weight == *weight);
                let glyphs = text.chars().filter_map(|c| fonts.glyph(*weight, c));
                let bytes: Vec<u8> = glyphs
                    .filter_map(|glyph| of?.glyphs.get(&glyph))
                    .flat_map(|(_, new)| new.to_be_bytes())
                    .collect();
                content.set_fill_gray(f32::from(*grey) / 100.0);
                content.begin_text();
                content.set_font(font_name(*weight), points(*size));
                content.next_line(points(*x), points(style.height - *y));
                content.show(Str(&bytes)).end_text();
            }
            Draw::Square { x, y, side } => {
                let (x, y) = (points(*x), points(style.height - *y - *side));
                content.set_stroke_gray(f32::from(INK) / 100.0);
                content.set_line_width(0.7);
                content.rect(x, y, points(*side), points(*side)).stroke();
            }
            Draw::Bar {
                x,
                y,
                width,
                height,
                grey,
            } => {
                let (x, y) = (points(*x), points(style.height - *y - *height));
                content.set_fill_gray(f32::from(*grey) / 100.0);
                content.rect(x, y, points(*width), points(*height));
                content.fill_nonzero();
            }
        }
    }
    content.finish().to_vec()
}

/// The only place where lengths are not whole numbers. What is written has at most three digits after the point.
fn points(length: Length) -> f32 {
    (length as f64 / 1000.0) as f32
}

fn write_font(pdf: &mut Pdf, fonts: &Fonts, used: &Used, first: i32) -> Result<(), PrintError> {
    if used.glyphs.is_empty() {
        return Ok(());
    }
    let [font, cid, descriptor, cmap, file] = [0, 1, 2, 3, 4].map(|next| Ref::new(first + next));
    let (weight, name) = (used.weight, used.name());
    let name = Name(name.as_bytes());
    let data = subsetter::subset(Fonts::bytes(weight), 0, &used.mapper);
    let data = data.map_err(|_| PrintError::Font)?;

    pdf.type0_font(font)
        .base_font(name)
        .encoding_predefined(Name(b"Identity-H"))
        .descendant_font(cid)
        .to_unicode(cmap);
    let mut widths = vec![fonts.advance(weight, 0) as f32];
    widths.extend(
        used.glyphs
            .keys()
            .map(|glyph| fonts.advance(weight, *glyph) as f32),
    );
    let mut inner = pdf.cid_font(cid);
    inner
        .subtype(CidFontType::Type2)
        .base_font(name)
        .system_info(IDENTITY)
        .font_descriptor(descriptor)
        .default_width(0.0)
        .cid_to_gid_map_predefined(Name(b"Identity"));
    inner.widths().consecutive(0, widths);
    inner.finish();

    let face = fonts.face(weight);
    let bounds = face.global_bounding_box();
    let bounds = [bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max].map(f32::from);
    pdf.font_descriptor(descriptor)
        .name(name)
        .flags(FontFlags::SYMBOLIC)
        .bbox(Rect::new(bounds[0], bounds[1], bounds[2], bounds[3]))
        .italic_angle(0.0)
        .ascent(f32::from(face.ascender()))
        .descent(f32::from(face.descender()))
        .cap_height(f32::from(face.capital_height().unwrap_or(714)))
        .stem_v(match weight {
            Weight::Regular => 80.0,
            Weight::Bold => 140.0,
        })
        .font_file2(file);

    let mut map = UnicodeCmap::new(Name(b"M"), IDENTITY);
    for (letter, new) in used.glyphs.values() {
        map.pair(*new, *letter);
    }
    pdf.cmap(cmap, &map.finish());
    pdf.stream(file, &data).pair(
        Name(b"Length1"),
        i32::try_from(data.len()).unwrap_or(i32::MAX),
    );
    Ok(())
}
