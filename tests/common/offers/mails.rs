//! What mail programs make of a certificate on its way.

use super::{Story, both, der, story, utf16};

const BASE64: &str = "base64";
const QUOTED: &str = "Quoted-Printable";

/// Base64 in lines, as mail has it.
fn lines(octets: &[u8]) -> String {
    let base64 = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, octets);
    base64.as_bytes().chunks(76).flat_map(|line| [str::from_utf8(line).unwrap(), "\r\n"]).collect()
}

fn quoted(text: &str) -> String {
    let line = |line: &str| {
        let soft: Vec<&str> = line.as_bytes().chunks(57).map(|part| str::from_utf8(part).unwrap()).collect();
        soft.iter().map(|part| part.replace('=', "=3D")).collect::<Vec<_>>().join("=\r\n")
    };
    text.lines().map(|text| line(text) + "\r\n").collect()
}

fn part(encoding: &str, kind: &str, body: &str) -> String {
    format!("Content-Type: {kind}\r\ncontent-transfer-encoding: {encoding}\r\n\r\n{body}\r\n")
}

fn mail(parts: &[String]) -> Vec<u8> {
    let parts: String = parts.iter().flat_map(|part| ["--=_x\r\n", part]).collect();
    let head = "From: ca@example.org\r\nSubject: Your certificate\r\nMIME-Version: 1.0\r\n";
    let kind = "Content-Type: multipart/mixed;\r\n\tboundary=\"=_x\"\r\n\r\nThis is a mail in parts.\r\n";
    format!("{head}{kind}{parts}--=_x--\r\n").into_bytes()
}

pub fn stories() -> Vec<Story> {
    [mail_stories(), text_stories()].concat()
}

fn mail_stories() -> Vec<Story> {
    vec![
        story("PEM as quoted-printable", |house| quoted(&both(house)).into_bytes(), ""),
        story("a mail in quoted-printable", |house| mail(&[part(QUOTED, "text/plain", &quoted(&both(house)))]), ""),
        story(
            "a mail whose text is in base64",
            |house| mail(&[part(BASE64, "text/plain; charset=utf-8", &lines(&house.with_issuer(house.good())))]),
            "",
        ),
        story(
            "a mail with a letter, a logo and a P7B",
            |house| {
                let letter = part("8bit", "text/plain", "Your certificate is attached. CA: yes");
                let logo = part(BASE64, "image/png", &lines(b"\x89PNG\r\n\x1a\n0\x82\x01"));
                mail(&[letter, logo, part(BASE64, "application/pkcs7-mime", &lines(&house.p7b("DER")))])
            },
            "",
        ),
        story(
            "a mail with a P7B that was in base64 already",
            |house| {
                let once = lines(&house.p7b("DER"));
                mail(&[part(BASE64, "application/x-pkcs7-certificates", &lines(once.as_bytes()))])
            },
            "",
        ),
        story(
            "a mail with both in DER, each in a part",
            |house| {
                let issuing = house.certificate("issuing").der().to_vec();
                mail(&[&der(house.good())[..], &issuing].map(|der| part(BASE64, "application/pkix-cert", &lines(der))))
            },
            "",
        ),
        story(
            "a mail in a mail, in UTF-16",
            |house| {
                let text = utf16(&both(house), u16::to_le_bytes);
                let inner = mail(&[part(BASE64, "text/plain; charset=utf-16", &lines(&text))]);
                mail(&[part("7bit", "message/rfc822", &String::from_utf8(inner).unwrap().replace("=_x", "=_y"))])
            },
            "",
        ),
        story(
            "a mail that says it in plain text and in HTML that is cut",
            |house| {
                let page = format!("<html><body>{}", both(house).replace('\n', "<br>").replace("MII", "M<wbr>I<b>"));
                let pages = part(QUOTED, "text/html", &quoted(&page));
                mail(&[pages, part(QUOTED, "text/plain", &quoted(&both(house)))])
            },
            "",
        ),
        story(
            "a mail in HTML alone",
            |house| {
                let page = both(house).replace('\n', "<br>\r\n").replace('+', "&#43;").replace("N C", "N&nbsp;C");
                mail(&[part(QUOTED, "text/html", &quoted(&format!("<div><p>Hello</p>{page}</div>")))])
            },
            "",
        ),
        story(
            "a mail that its writer signed",
            |house| {
                let signature = house.certificate("root").der().to_vec();
                let signature = part(BASE64, "application/pkcs7-signature", &lines(&signature));
                mail(&[part(BASE64, "text/plain", &lines(both(house).as_bytes())), signature])
            },
            "",
        ),
        story(
            "a part copied out of a mail",
            |house| part(BASE64, "application/pkcs7-mime", &lines(&house.p7b("DER"))).into_bytes(),
            "",
        ),
    ]
}

fn text_stories() -> Vec<Story> {
    vec![
        story("PEM in UTF-16 without a mark", |house| utf16(&both(house), u16::to_le_bytes)[2..].to_vec(), ""),
        story("the same, big end first", |house| utf16(&both(house), u16::to_be_bytes)[2..].to_vec(), ""),
        story("HTML with breaks", |house| both(house).replace('\n', "<br>").into_bytes(), ""),
        story(
            "HTML with paragraphs",
            |house| format!("<P>{}</P>", both(house).replace('\n', "</P><P>")).into_bytes(),
            "",
        ),
        story(
            "HTML with blanks that do not break",
            |house| both(house).replace('\n', "&nbsp;<br/>\n").replace(" CERT", "&nbsp;CERT").into_bytes(),
            "",
        ),
        story("PEM with such blanks", |house| both(house).replace(" CERT", "\u{A0}CERT").into_bytes(), ""),
    ]
}
