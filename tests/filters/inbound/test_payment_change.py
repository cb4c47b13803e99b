"""IN-THEME: a changed bank account or payment route, whoever writes."""

import pytest
from docx import Document

from config.policy import Policy
from filters.examine import run
from filters.facts import Authentication, Facts, Origin
from filters.inbound.payment_change import announced
from filters.listing import Listing
from filters.ruleset import prepare
from filters.sentences import sentences
from mail.charset import fold
from mail.envelope import Envelope, ForwardPath
from tests.filters.extract import documents
from tests.filters.inbound.arriving import TO, US, look, mail

CHANGES = [
    "このたび弊社の振込先口座が変更となりました。",
    "振込先変更のご案内",
    "お振込先を下記のとおり変更させていただきます。",
    "取引銀行の変更に伴い、今後のお支払いは新しい口座へお振込みください。",
    "従来の振込先は監査のため使用できません。",
    "今後は下記の銀行口座へお振込みくださいますようお願いいたします。",
    "給与の振込先を変更したいのですが、手続きを教えてください。",
    "入金先が変わりましたのでお知らせいたします。",
    "次回より別の口座への送金をお願いいたします。",
    "送金先を新しくしました。",
    "支払先口座の切替について",
    "Please note that our bank details have changed.",
    "We have recently changed our bank, kindly update your records.",
    "Please use our new bank account details for all future payments.",
    "Our account is under audit; please remit the payment to another bank account.",
    "Kindly find our updated remittance information attached.",
    "Change of bank details",
    "Please do not pay to the old account any more.",
    "I would like to change my direct deposit information before the next payroll.",
    "The beneficiary account has been changed to our subsidiary's.",
    "Our payment instructions were recently updated.",
    "We switched banks last month.",
    "Revised wire instructions are enclosed.",
]
ORDINARY = [
    "振込先に変更はございません。",
    "お振込先の変更はありません。これまでどおりお願いいたします。",
    "当社から振込先の変更をメールでお願いすることはありません。",
    "振込先の変更を装った詐欺メールが増えています。ご注意ください。",
    "下記口座へお振込みくださいますようお願いいたします。",
    "お振込手数料は貴社にてご負担ください。振込先は請求書のとおりです。",
    "会議の場所が変更になりました。",
    "納品先が変更となりましたのでお知らせいたします。",
    "口座開設のお申し込みありがとうございます。",
    "We will never change our bank details by e-mail.",
    "Our bank details have not changed.",
    "Beware of fraud: criminals send mails about changed bank details.",
    "Please transfer the amount to the following bank account: IBAN DE02.",
    "Please update your payment details in your profile.",
    "Your new account details are ready to view.",
    "The meeting has changed to Friday. Payment is due in 30 days.",
    "We changed the payment deadline.",
    "The user account was changed.",
]


def _docx(text: str) -> bytes:
    document = Document()
    document.add_paragraph(text)
    return documents.saved(document)


@pytest.mark.parametrize("text", CHANGES)
def test_a_change_is_seen_in_text_subject_and_file(text: str) -> None:
    assert look("payment_change", mail(f"お世話になっております。\n{text}\nよろしくお願いいたします。"))
    assert look("payment_change", mail("x", subject=text))
    for name, content in (("案内.txt", text.encode()), ("案内.docx", _docx(text))):
        (finding,) = look("payment_change", mail("資料です。", files={name: content}))
        assert finding.evidence[0].part.startswith(f"2/{name}")


@pytest.mark.parametrize("text", ORDINARY)
def test_what_changes_nothing_is_not(text: str) -> None:
    assert not announced(fold(text).lower())
    assert not look("payment_change", mail(f"お世話になっております。\n{text}\nよろしくお願いいたします。"))


@pytest.mark.parametrize(
    "text",
    [
        "事務所を移転しますが、お振込先は今までと変わりありません。",
        "振込先は変わりませんのでご安心ください。",
        "振込先口座の変更を承りました。",
        "振込口座の変更を希望される方は、変更届をご提出ください。",
        "御社の振込先口座に変更はございますか。",
        "御社の新しい口座へお振込みいたします。",
        "今月分から新しい口座にお振込みいたします。",
        "You changed the bank account we pay your earnings to.",
        "Thank you for your letter. We will pay into your new bank account.",
        "자동이체 계좌 변경은 관리사무소로 문의하십시오.",
    ],
)
def test_the_readers_own_account_and_what_stays_is_no_change(text: str) -> None:
    assert not announced(fold(text).lower())
    assert not look("payment_change", mail(text))


def test_an_answer_that_names_the_readers_new_account() -> None:
    assert not look(
        "payment_change", mail("We have stored your new bank details.", subject="Re: New bank details")
    )
    assert look("payment_change", mail("Please use them.", subject="Re: New bank details"))


@pytest.mark.parametrize("trusted", [False, True])
def test_who_writes_is_no_excuse(trusted: bool) -> None:
    prepared = prepare(Policy(organisation=US))
    author = "tanaka@koyo-denki.example"
    told = Facts(
        "inbound",
        Origin("mx", "192.0.2.1"),
        Envelope(author, (ForwardPath(TO),)),
        Authentication(
            spf="pass",
            spf_domain="koyo-denki.example",
            dkim="pass",
            dkim_domains=("koyo-denki.example",),
            dmarc="pass",
        ),
        known=frozenset({author}),
        familiar=frozenset({author}),
        listed=(Listing("allow", "address", author),) if trusted else (),
    )
    seen = run(mail(CHANGES[0]), told, prepared)
    assert seen.warned
    assert trusted == ("trusted_sender" in {f.rule for f in seen.findings})
    assert not run(mail(ORDINARY[0]), told, prepared).warned
    for language, what in (("ja", "電話番号で相手に確認"), ("en", "a number that you already know")):
        assert any(what in sentence for sentence in sentences(seen.findings, language))


@pytest.mark.parametrize(
    "text",
    [
        "Our account with Barclays is being closed. Kindly remit to the account below instead:",
        "Kindly settle to our subsidiary's account in Poland.",
        "Unsere Bankverbindung hat sich geändert.",
        "Bitte überweisen Sie den Betrag auf unser neues Konto.",
        "Changement de nos coordonnées bancaires à compter du 1er décembre.",
        "Nuestra cuenta bancaria habitual se encuentra bloqueada temporalmente.",
        "Onze bankgegevens zijn gewijzigd; nieuw rekeningnummer volgt: nieuwe bankrekening.",
        "由于我司银行账户正在审计，请将货款汇入以下新账户。",
        "저희 은행 계좌가 변경되었습니다.",
        "従来の口座が一時的に使用できなくなりました。",
        "Il nostro conto è bloccato per una verifica.",
        "Utilice la siguiente cuenta para el pago.",
        "Please pay the invoice to our subsidiary instead.",
        "今回は関連会社の口座へお振り込みください。",
    ],
)
def test_changes_are_told_in_other_languages_and_words(text: str) -> None:
    assert announced(text.lower())


@pytest.mark.parametrize(
    "text",
    [
        "Unsere Bankverbindung bleibt unverändert.",
        "付款账户不变。",
        "결제 계좌는 기존과 동일합니다.",
        "Ci-joint notre facture, payable sur notre compte habituel.",
        "Adjunto la factura; el pago es a la misma cuenta.",
        "Please find the invoice, payable to our account at Barclays as before.",
    ],
)
def test_bills_of_other_countries_are_none(text: str) -> None:
    assert not announced(text.lower())


@pytest.mark.parametrize(
    "text",
    [
        "振込先口座を変更いたしました。お支払いの前に、契約書に記載の担当者の番号へお電話でご確認ください。",
        "取引銀行の統合により振込先が変わります。詳細は先月郵送にてご案内した書面のとおりです。",
        "Our bank details have changed. Before you pay, please confirm them by calling the number you already have.",
        "As told in our registered letter of 4 October, our bank has changed. The details are in that letter.",
        "Unsere Bankverbindung hat sich geändert, das Konto steht im Schreiben vom 4. Oktober. Bitte prüfen Sie es unter der Ihnen bekannten Nummer.",
    ],
)
def test_a_change_that_shall_be_checked_is_none(text: str) -> None:
    assert not look("payment_change", mail(text))
    hasty = text + "\nWe need the transfer today, it is urgent."
    assert look("payment_change", mail(hasty)), "whoever hurries does not want it checked"


def test_a_number_that_the_mail_gives_checks_nothing() -> None:
    assert look("payment_change", mail("Our bank details have changed. To confirm call +44 1423 555 010."))
    paper = "Our bank details have changed, as in our letter of 4 October: IBAN GB29 NWBK 6016 1331 9268 19."
    assert look("payment_change", mail(paper)), "an account stands beside it"


@pytest.mark.parametrize("said", ["IBAN GB29 NWBK 6016 1331 9268 19", "Please pay today, it is urgent."])
def test_what_is_attached_counts_as_what_is_written(said: str) -> None:
    paper = "Our bank details have changed, as in our letter of 4 October."
    assert not look("payment_change", mail(paper, files={"notes.txt": b"See the letter."}))
    assert look("payment_change", mail(paper, files={"notes.txt": said.encode()}))
