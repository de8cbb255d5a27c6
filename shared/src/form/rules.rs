//! The rules that look for words: where, which, and what they say.
//!
//! English, French, German, Spanish, Portuguese, Italian, Dutch, Arabic and Japanese; the commonest
//! words of some neighbours. Phrases are written as `words` reads them: without accents and hamza.

use super::Code;

/// Takes more away than all other rules can give.
pub(super) const VETO: i32 = -1_000;
/// Takes more away than words can give, but not more than words, a name and a new password together.
pub(super) const SOFT: i32 = -60;
/// What the owner's choice gives: more than one veto takes.
pub(super) const CHOSEN: i32 = 5_000;
/// Not even the owner's choice outweighs a secret.
pub(super) const SECRET: i32 = -100_000;

/// Places to look for words in, as bits.
pub(super) type Places = u8;
/// Path and query of `action`.
pub(super) const ACTION: Places = 1;
/// The text of the button that is used.
pub(super) const BUTTON: Places = 2;
/// The heading.
pub(super) const HEADING: Places = 4;
/// Id, name and class of the form.
pub(super) const NAMES: Places = 8;
/// The texts of the other buttons.
pub(super) const OTHERS: Places = 16;
/// Title and path of the page.
pub(super) const PAGE: Places = 32;
/// Legends, links and paragraphs.
pub(super) const TEXT: Places = 64;

/// Words at some places, and what they say.
pub(super) struct Rule {
    pub(super) code: Code,
    pub(super) points: i32,
    pub(super) places: Places,
    pub(super) phrases: &'static str,
}

const fn rule(code: Code, points: i32, places: Places, phrases: &'static str) -> Rule {
    Rule { code, points, places, phrases }
}

pub(super) const SIGN_UP: &str = "sign up|signup|sign me up|sign now|regist*|new account|\
    open an account|open your*|open account|free account|free trial|crea*|join*|get started|\
    start*|try*|enrol*|apply*|reserve|rsvp|inscri*|inscrev*|s enregistrer|cree*|cria*|crie*|\
    ouvrir un compte|rejoin*|commencer|essayer|adhe*|participer|*konto*|neukunde*|erstellen|\
    loslegen|jetzt starten|kostenlos testen|beitreten|mitglied werden|teilnehmen|unirse|unete|\
    empezar|alta|iscri*|inizia*|cadastr*|comecar|participar|aanmelden|inschrijv*|aanmaken|\
    word lid|انشاء حساب|حساب جديد|سجل الان|تسجيل|اشترك|انضم|ابدا|登録|申し込|申込|入会|はじめる|\
    始める|注册|註冊|가입";
const SUBSCRIBE: &str = "subscri*|newsletter*|mailing list|keep me*|in touch|notify me|updates|\
    waitlist|waiting list|early access|request access|demo|get*|send me*|email me*|download*|\
    claim*|unlock*|save my*|reserve my*|book a*|abonn*|recev*|restez*|telecharger|obtenir|\
    infolettre|lettre|eintragen|herunterladen|anmelden|warteliste|erhalten|suscri*|recib*|boletin|\
    descargar|lista de espera|quiero*|iscri*|ricev*|scarica|assin*|receb*|quero*|baixar|novidades|\
    nieuwsbrief*|inschrijv*|ontvang*|اشتر|النشرة|نشرتنا|購読|メルマガ|受け取|ダウンロード|資料請求|订阅|訂閱|구독|\
    подписаться";
const LOGIN: &str = "log in|login|log on|logon|sign in|signin|log me in|log back in|welcome back|\
    auth|connexion|connecter|connectez*|connecte|identifi*|deja client*|einloggen|log dich ein|\
    bereits kunde|iniciar sesion|inicia sesion|inicio de sesion|acceder|ingresar|entrar|accedi|\
    accesso|acessar|acesse*|inloggen|دخول|ログイン|サインイン|登录|登入|로그인|войти";
const RESET: &str = "reset pass*|reset your*|reset my*|resetpass*|password reset|forgot*|\
    lost pass*|lostpass*|recover*|vergessen|passe oublie|passe perdu|reinitialis*|recuper*|\
    restablecer|olvid*|esquec*|dimentica*|vergeten|نسيت|忘れ|再発行|再設定";
/// A password by its name; where none is asked for, it was forgotten.
pub(super) const PASSWORD: &str = "*passwor*|pwd|mot de passe|mdp|kennwort*|contrasena*|senha|\
    wachtwoord*|المرور|كلمة السر|パスワード|密码|密碼|парол";
pub(super) const ORDER: &str = "place order|place my order|place your order|order now|\
    complete order|buy*|pay|checkout|check out|purchase|donate*|commande*|payer|acheter|regler|\
    faire un don|bestell*|zahlungs*|kaufen|bezahlen|kasse|spenden|comprar|pagar|\
    realizar el pedido|realizar pedido|finaliz*|caja|donar|acquista|paga|ordina|l ordine|cassa|\
    fechar pedido|doar|afrekenen|betalen|تاكيد الطلب|اتمام الطلب|ادفع|الدفع|شراء|注文|購入|支払|レジ";
const FRIENDS: &str = "invite a|invite your*|invite friend*|invite people|invite team*|\
    send invit*|refer a|refer your*|a friend|to friends|to your friends|\
    a colleague|email this*|inviter*|invitez*|parrain*|un ami|une amie|vos amis|tes amis|einladen|\
    freunde werben|deine freunde|einen freund|*empfehlen|invitar*|invita*|un amigo|tus amigos|\
    recomendar|recomienda|the seller|an den verkaufer|\
    un amico|tuoi amici|um amigo|seus amigos|convid*|indique*|een vriend|\
    je vrienden|uitnodig*|友達|友人|招待|紹介する|صديق";

pub(super) const RULES: &[Rule] = &[
    rule(Code::ButtonSignUp, 20, BUTTON, SIGN_UP),
    rule(Code::ButtonSubscribe, 20, BUTTON, SUBSCRIBE),
    rule(Code::ButtonOrder, 15, BUTTON, ORDER),
    rule(Code::HeadingSignUp, 15, HEADING, SIGN_UP),
    rule(Code::HeadingSubscribe, 10, HEADING, SUBSCRIBE),
    rule(Code::HeadingOrder, 5, HEADING | ACTION | NAMES, ORDER),
    rule(Code::HeadingLogin, -25, HEADING, LOGIN),
    rule(Code::ActionSignUp, 12, ACTION, SIGN_UP),
    rule(Code::ActionSubscribe, 12, ACTION, SUBSCRIBE),
    rule(Code::ActionLogin, -15, ACTION, LOGIN),
    rule(Code::NamesSignUp, 8, NAMES, SIGN_UP),
    rule(Code::NamesSubscribe, 8, NAMES, SUBSCRIBE),
    rule(Code::NamesLogin, -8, NAMES, LOGIN),
    rule(Code::PageSignUp, 4, PAGE, SIGN_UP),
    rule(Code::PageLogin, -6, PAGE, LOGIN),
    rule(Code::OtherLogin, -4, OTHERS, LOGIN),
    rule(Code::Login, VETO, BUTTON, LOGIN),
    rule(Code::TextForgot, -15, TEXT, RESET),
    rule(Code::Reset, VETO, BUTTON | HEADING | ACTION | NAMES, RESET),
    rule(Code::Invite, SOFT, BUTTON | HEADING | ACTION, FRIENDS),
    rule(
        Code::HasAccount,
        8,
        TEXT,
        "already have*|already registered|already a member|have an account|deja un compte|\
        deja inscrit*|bereits*|schon registriert|ya tienes*|ya tengo*|hai gia*|ja tem*|ja tenho*|\
        al een account|لديك حساب|お持ちの方",
    ),
    rule(Code::Invite, SOFT, ACTION | NAMES, "*friend|*friends"),
    rule(Code::Hybrid, VETO, BUTTON, "continue with e*|avec mon e mail|mit e mail"),
    rule(
        Code::Search,
        SOFT,
        BUTTON | ACTION | NAMES,
        "search*|filt*|find my*|find your*|find a*|find store*|look up|lookup|retrieve*|\
        recherche*|trouver|retrouver|suche*|busca*|busqueda|cerca|trova|pesquisar|procurar|zoek*|\
        検索|絞り込|بحث|搜索|搜尋",
    ),
    rule(
        Code::Unsubscribe,
        VETO,
        BUTTON | ACTION | NAMES | HEADING,
        "unsub*|opt out|optout|desabonn*|desinscri*|desinscrev*|descadastr*|resilier|abbestell*|\
        abmeld*|austragen|kundigen|de baja|cancelar suscripcion|cancelar inscricao|disiscri*|\
        cancellami|cancella iscrizione|annulla iscrizione|afmeld*|uitschrijv*|opzeggen|الغاء|\
        配信停止|解除|退会",
    ),
    rule(
        Code::Comment,
        SOFT,
        BUTTON | ACTION | NAMES,
        "comment*|reply|*kommentar*|kommentieren|comentar*|reageer|reactie*|コメント|تعليق",
    ),
    rule(
        Code::Track,
        SOFT,
        BUTTON | HEADING | ACTION,
        "track order|track my order|track your order|track an*|tracking|order status|\
        check status|suivre ma*|suivre mon*|suivre votre*|suivi|sendungs*|verfolg*|rastre*|\
        seguimiento|traccia*|volg je*|bestelstatus|تتبع|追跡|照会",
    ),
    rule(
        Code::Coupon,
        SOFT,
        BUTTON | ACTION | NAMES,
        "apply co*|apply discount|coupon code|coupon form|redeem*|check balance|einlosen|canjear|\
        resgatar|riscatta|verzilver*|inwisselen|promo code|discount code",
    ),
    rule(
        Code::Invite,
        SOFT,
        BUTTON | ACTION,
        "share|share with*|partager|teilen|compartir|condividi|compartilhar|delen|مشاركة",
    ),
    rule(
        Code::Cart,
        VETO,
        BUTTON,
        "add to*|au panier|den warenkorb|al carrito|al carrello|ao carrinho|in winkel*|カートに|السلة",
    ),
    rule(
        Code::Change,
        VETO,
        BUTTON,
        "update|update my*|change*|edit|modifi*|mettre a jour|andern|aktualisieren|cambiar*|\
        actualizar|aggiorna|atualizar|alterar|wijzig*|bijwerken|変更|更新|تغيير|تحديث|تعديل",
    ),
    rule(
        Code::Change,
        VETO,
        BUTTON | HEADING,
        "save changes|save settings|save preferences|account settings|profile settings|\
        email settings|mail settings|edit user|edit account|edit profile|your profile|change e*|\
        change your e*|les modifications|kontoeinstellungen|変更|add new user|add user|\
        create user|create contact",
    ),
    rule(
        Code::Save,
        -20,
        BUTTON,
        "save|enregistrer|sauvegarder|speichern|guardar|salva|salvar|gravar|opslaan|保存|حفظ",
    ),
    rule(
        Code::Settings,
        -25,
        ACTION | NAMES | HEADING,
        "settings|prefer*|edit|edit account|edit record|parametres|einstellungen|ajustes|\
        configurac*|impostazioni|instellingen|設定|الاعدادات",
    ),
    rule(
        Code::Review,
        SOFT,
        BUTTON | HEADING,
        "submit review|post review|a review|your review|rate this*|votre avis|mon avis|un avis|\
        bewertung abgeben|bewerten|resena|tu opinion|valorar|recensione|avaliar|avaliacao|\
        beoordel*|レビュー|口コミ|تقييم",
    ),
    rule(
        Code::Application,
        VETO,
        BUTTON | HEADING,
        "send application|submit application|your application|for job|for this job|bewerb*|\
        candidature|postuler|candidat*|solliciteer|solliciteren|応募|وظيفة",
    ),
    rule(
        Code::Report,
        SOFT,
        BUTTON | HEADING | ACTION,
        "report this*|report abuse|report a|delete my*|delete account|deletion|erasure|signaler|\
        supprimer|loschen|denunciar|eliminar|segnala|elimina|excluir|verwijder*|削除|通報|حذف",
    ),
    rule(
        Code::Resend,
        VETO,
        BUTTON | HEADING,
        "resend*|send again|renvoyer|erneut*|reenviar|reinvia|opnieuw*|再送",
    ),
    rule(
        Code::Contact,
        0,
        BUTTON | ACTION | HEADING | NAMES,
        "contact*|in touch|write to us|inquir*|enquir*|quote|devis|kontakt*|anfrage*|presupuesto|\
        contatt*|preventivo|contato|orcamento|support|feedback|ticket|اتصل|تواصل|問い合わせ",
    ),
];

/// Words for logging in that also stand on newsletters.
pub(super) const EITHER: &str = "anmelden|aanmelden|entrar";
pub(super) const REMEMBER: &str = "remember*|rememberme|signed in|logged in|stay signed*|\
    stay logged*|se souvenir*|rester connecte*|angemeldet bleiben|eingeloggt bleiben|recordar*|\
    recuerdame|ricordami|lembrar*|conectado|onthoud*|ingelogd*|自動でログイン|ログインしたまま|تذكرني";
/// Number of an order, by which it is looked up.
pub(super) const ORDER_NUMBER: &str = "order id|orderid|order number|order no|order reference|\
    booking reference|ticket number|confirmation number|de commande|bestellnummer|de pedido|\
    do pedido|d ordine|numero ordine|bestelnummer|注文番号|رقم الطلب";
pub(super) const COUPON: &str = "coupon*|voucher*|promo code|promocode|promotion code|\
    discount code|gift card|code promo|gutschein*|rabatt*|cupon*|cupom|codice sconto|buono|\
    kortingscode|クーポン|كوبون|قسيمة";
pub(super) const APPLY: &str = "apply|redeem|appliquer|valider|anwenden|aplicar|applica|toepassen|\
    適用|تطبيق";
/// What a review's own fields say.
pub(super) const REVIEW: &str = "review*|rating|avis|bewertung*|resena|valoracion|recensione|\
    avaliacao|beoordeling|レビュー|تقييم";
/// A comment's heading.
pub(super) const COMMENT: &str = "comment|reply|commentaire|kommentar|comentario|commento|reactie|\
    コメント|تعليق";
/// The promise under a comment's address.
pub(super) const PROMISE: &str = "not be published|not be shown|pas publie*|nicht veroffentlicht|\
    no sera publicad*|non sara pubblicat*|nao sera publicad*|niet gepubliceerd|公開されません|لن يتم نشر";
/// What somebody who looks for work sends along.
pub(super) const WORK: &str = "cv|resume*|cover letter|lebenslauf|curriculum*|bewerbung*|\
    candidature*|履歴書|السيرة";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::words::Words;

    #[test]
    fn every_phrase_can_match() {
        let others = [
            PASSWORD,
            REMEMBER,
            EITHER,
            ORDER_NUMBER,
            COUPON,
            APPLY,
            REVIEW,
            COMMENT,
            PROMISE,
            WORK,
        ];
        let lists = RULES.iter().map(|it| it.phrases).chain(others);
        for phrase in lists.flat_map(|it| it.split('|')) {
            let stem = phrase.trim_start_matches('*').trim_end_matches('*');
            let words = Words::of(&[stem]);
            assert!(!stem.is_empty() && words.say(phrase), "{phrase}");
        }
    }
}
