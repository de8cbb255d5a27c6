// What Parrain's tag gives a page: `window.parrain`, its events and its elements.
//
//   /// <reference types="./parrain.d.ts" />
//
// Nothing here throws, and no promise is rejected: where the service is away, they resolve to `undefined`.

export type ParrainConsent = "REQUIRED" | "GRANTED" | "DENIED" | "NOT_REQUIRED";

/** What the service knows of a visit. Later services may say more. */
export interface ParrainVisit {
  /** Whether somebody sent this visitor. */
  readonly referred: boolean;
  readonly consent: ParrainConsent;
  /** Whether the service answers on the site's own host. */
  readonly firstParty: boolean;
  /** Who sent them, if they agreed to be named. */
  readonly referrer: ParrainReferrer | null;
  /** What a friend gets. */
  readonly offer: string | null;
  /** What those who share say of their part. */
  readonly disclosure: { readonly en: string; readonly fr: string } | null;
  /** The attribution, to be sent along by the site's own back end. */
  readonly token: string | null;
  /** Whether the visitor claimed the offer on this page. */
  readonly claimed?: boolean;
  /** What friends put into the coupon's field, once it is claimed. */
  readonly coupon?: string | null;
  /** The campaign's currency, by ISO 4217. */
  readonly currency: string;
}

export interface ParrainReferrer {
  readonly firstName: string;
}

export interface ParrainLead {
  email: string;
  firstName?: string;
  lastName?: string;
}

export interface ParrainCode {
  /** Whether there is such a code, and it brings something. */
  readonly known: boolean;
  readonly referrer: ParrainReferrer | null;
}

export type ParrainCustomer = { jwt: string } | { email: string; hash: string };

export interface ParrainOfferOptions {
  /** Texts of another language: `de`, `ar`, or the address of a file. */
  catalogue?: string;
  lang?: string;
  /** A person asked for it: no cap holds. */
  now?: boolean;
}

export interface ParrainPromptOptions {
  base?: string;
  /** As of the offer. */
  catalogue?: string;
  channels?: string;
  code?: string;
  lang?: string;
  message?: string;
  /** A person asked for it: no cap holds. */
  now?: boolean;
  subject?: string;
}

export interface ParrainShown {
  readonly shown: boolean;
  readonly reason?: "CAPPED" | "CHECKOUT" | "DIALOG" | "GONE" | "NOT_REFERRED" | "NOT_RUNNING";
}

/** `parrain("name", …)`. Calls before the tag is there wait in `parrain.q`. */
export interface Parrain {
  /** The campaign of the tag. */
  readonly campaign?: string;
  q?: ArrayLike<unknown>[];
  /** Claims the offer: an express request, and so the consent to remember who sent the visitor. */
  (name: "claim"): Promise<void>;
  /** A code that somebody typed: whether it is known. It goes along with what they send. */
  (name: "code", text: string): Promise<ParrainCode | undefined>;
  /** Whether the visitor agrees that it is remembered who sent them. */
  (name: "consent", granted: boolean): Promise<void>;
  /** The page's customer, or `null`: nobody any more. Resolves to what they may see of themselves. */
  (name: "identify", who: ParrainCustomer | null): Promise<object | null>;
  /** Somebody signed up, where no form shows it. */
  (name: "lead", lead: ParrainLead): void;
  /** Shows a friend the offer in a window, as often as the campaign allows. */
  (name: "offer", options?: ParrainOfferOptions): Promise<ParrainShown>;
  /** Asks a customer to share, as often as the campaign allows. */
  (name: "prompt", options?: ParrainPromptOptions): Promise<ParrainShown>;
  /** Who sent the visitor, if they agreed to be named. */
  (name: "referrer"): Promise<ParrainReferrer | null>;
  /** Somebody shared the link of a code by a channel. */
  (name: "share", code: string, channel: string): Promise<unknown>;
  /** What the service knows of this visit. */
  (name: "visit"): Promise<ParrainVisit | undefined>;
}

/** What each event of the document says: whose it is, where a page has several campaigns. */
export interface ParrainOf {
  readonly campaign: string;
}

export interface ParrainShareDetail {
  readonly channel: string;
  readonly url: string;
}

/** `<parrain-share code="…">`: a person's own link, and ways to pass it on. */
export interface ParrainShareElement extends HTMLElement {}

/** `<parrain-banner>`: tells a friend who sent them and what they get, and takes their claim. */
export interface ParrainBannerElement extends HTMLElement {}

/** `<parrain-dashboard>`: somebody's own page of the campaign. */
export interface ParrainDashboardElement extends HTMLElement {}

/** `<parrain-prompt>`: asks a customer to share, in a window over the page. */
export interface ParrainPromptElement extends HTMLElement {}

/** The attributes of the elements, for what writes markup by types. */
export interface ParrainAttributes {
  "parrain-share": {
    base?: string;
    campaign?: string;
    catalogue?: string;
    channels?: string;
    code?: string;
    lang?: string;
    message?: string;
    subject?: string;
  };
  "parrain-banner": { campaign?: string; catalogue?: string; lang?: string };
  "parrain-dashboard": {
    campaign?: string;
    catalogue?: string;
    email?: string;
    hash?: string;
    jwt?: string;
    lang?: string;
    /** Written by the element. */
    readonly unread?: string;
  };
  "parrain-prompt": {
    base?: string;
    campaign?: string;
    catalogue?: string;
    channels?: string;
    code?: string;
    lang?: string;
    message?: string;
    subject?: string;
  };
}

declare global {
  interface Window {
    parrain?: Parrain;
  }

  interface HTMLElementTagNameMap {
    "parrain-banner": ParrainBannerElement;
    "parrain-dashboard": ParrainDashboardElement;
    "parrain-prompt": ParrainPromptElement;
    "parrain-share": ParrainShareElement;
  }

  interface HTMLElementEventMap {
    "parrain-share": CustomEvent<ParrainShareDetail>;
    "parrain-unread": CustomEvent<{ readonly count: number }>;
  }

  interface DocumentEventMap {
    /** A window of ours was closed. */
    "parrain-closed": CustomEvent<ParrainOf & { readonly kind: "prompt" | "offer" }>;
    /** A coupon was put into its field. */
    "parrain-coupon": CustomEvent<ParrainOf & { readonly code: string }>;
    /** The page has named its customer. */
    "parrain-identify": CustomEvent<ParrainOf & { readonly participant: object | null }>;
    /** A window of ours was shown. */
    "parrain-shown": CustomEvent<ParrainOf & { readonly kind: "prompt" | "offer" }>;
    /** A code was typed. */
    "parrain-code": CustomEvent<ParrainOf & { readonly code: string } & Partial<ParrainCode>>;
    /** A form was read, or told of, as a sign-up. */
    "parrain-lead": CustomEvent<ParrainOf & ParrainLead>;
    /** The service has answered the visit. */
    "parrain-visit": CustomEvent<ParrainOf & ParrainVisit>;
  }
}
