//! Page: external access policy (Lync).

use crate::edge::Policy;
use crate::form::{Answered, Ask, Content, Page, PageContext, check};
use crate::problem::Problem;
use crate::servers::product;
use crate::text::say;

use super::files::out_files;
use super::server::traits;

/// The page.
pub static PAGE: Page = Page {
    shown_if: |answered| traits(answered).has_access_policy,
    validate,
    show,
    actions: |context| out_files(context, product(context.deployment.server).policy(context.deployment, context.text)),
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
pub fn policy(answered: &Answered) -> Policy {
    Policy {
        scope: answered.get(SCOPE),
        federation_access: answered.get(FEDERATION_ACCESS),
        xmpp_access: answered.get(XMPP_ACCESS),
        allow_federated_users: answered.get(ALLOW_FEDERATED_USERS),
    }
}

fn validate(context: &PageContext, problems: &mut Vec<Problem>) {
    let scope = &context.deployment.policy.scope;
    let named = ["site:", "user:"].iter().filter_map(|prefix| scope.strip_prefix(prefix)).any(is_plain_name);
    if scope != "global" && !named {
        problems.push(check::wrong_kind(SCOPE.path(), scope, say("kind-scope")));
    }
}

/// Whether a site or policy can be called so; another prefix would make it another policy's identity.
fn is_plain_name(name: &str) -> bool {
    !name.trim().is_empty() && !name.contains(':') && !name.eq_ignore_ascii_case("global")
}

fn show(context: &PageContext) -> Vec<Content> {
    let Policy { federation_access, xmpp_access, allow_federated_users, .. } = &context.deployment.policy;
    if *federation_access && *xmpp_access && *allow_federated_users {
        vec![Content::plain(say("policy-open"))]
    } else {
        vec![Content::warning(say("policy-closed"))]
    }
}
