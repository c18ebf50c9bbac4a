//! Page: external access policy (Lync).

use crate::edge::Policy;
use crate::form::{Block, Default, Field, Kind, Page, Scene, Sheet, check};
use crate::problem::Problem;
use crate::servers::product;
use crate::text::say;

use super::out_files;
use super::server::traits;

/// The page.
pub static PAGE: Page = Page {
    shown_if: |sheet| traits(sheet).has_access_policy,
    judge,
    show,
    actions: |scene| out_files(scene, product(scene.deployment.server).policy(scene.deployment, scene.text)),
    ..Page::new("policy", FIELDS)
};

const SCOPE: &str = "policy.scope";

const FIELDS: &[Field] = &[
    Field::new(SCOPE, Kind::Text(256)).or(Default::Text("global")),
    Field::new("policy.federation_access", Kind::Toggle).or(Default::Flag(true)),
    Field::new("policy.xmpp_access", Kind::Toggle).or(Default::Flag(true)),
    Field::new("policy.allow_federated_users", Kind::Toggle).or(Default::Flag(true)),
];

/// External access as the answers describe it.
pub fn policy(sheet: &Sheet) -> Policy {
    Policy {
        scope: sheet.text(SCOPE),
        federation_access: sheet.flag("policy.federation_access"),
        xmpp_access: sheet.flag("policy.xmpp_access"),
        allow_federated_users: sheet.flag("policy.allow_federated_users"),
    }
}

fn judge(scene: &Scene, problems: &mut Vec<Problem>) {
    let scope = &scene.deployment.policy.scope;
    let named = ["site:", "user:"].iter().filter_map(|prefix| scope.strip_prefix(prefix)).any(is_plain_name);
    if scope != "global" && !named {
        problems.push(check::wrong_kind(SCOPE, scope, say("kind-scope")));
    }
}

/// Whether a site or policy can be called so; another prefix would make it another policy's identity.
fn is_plain_name(name: &str) -> bool {
    !name.trim().is_empty() && !name.contains(':') && !name.eq_ignore_ascii_case("global")
}

fn show(scene: &Scene) -> Vec<Block> {
    let Policy { federation_access, xmpp_access, allow_federated_users, .. } = &scene.deployment.policy;
    if *federation_access && *xmpp_access && *allow_federated_users {
        vec![Block::plain(say("policy-open"))]
    } else {
        vec![Block::warning(say("policy-closed"))]
    }
}
