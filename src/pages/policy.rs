//! Page: external access policy (Lync).

use crate::edge::Policy;
use crate::form::{Ask, Block, Page, Scene, Sheet, check};
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
    ..Page::new(
        "policy",
        &[SCOPE.field(), FEDERATION_ACCESS.field(), XMPP_ACCESS.field(), ALLOW_FEDERATED_USERS.field()],
    )
};

const SCOPE: Ask<String> = Ask::text("policy.scope", 256).or("global");
const FEDERATION_ACCESS: Ask<bool> = Ask::toggle("policy.federation_access").or(true);
const XMPP_ACCESS: Ask<bool> = Ask::toggle("policy.xmpp_access").or(true);
const ALLOW_FEDERATED_USERS: Ask<bool> = Ask::toggle("policy.allow_federated_users").or(true);

/// External access as the answers describe it.
pub fn policy(sheet: &Sheet) -> Policy {
    Policy {
        scope: sheet.get(SCOPE),
        federation_access: sheet.get(FEDERATION_ACCESS),
        xmpp_access: sheet.get(XMPP_ACCESS),
        allow_federated_users: sheet.get(ALLOW_FEDERATED_USERS),
    }
}

fn judge(scene: &Scene, problems: &mut Vec<Problem>) {
    let scope = &scene.deployment.policy.scope;
    let named = ["site:", "user:"].iter().filter_map(|prefix| scope.strip_prefix(prefix)).any(is_plain_name);
    if scope != "global" && !named {
        problems.push(check::wrong_kind(SCOPE.path(), scope, say("kind-scope")));
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
