"""IN-LANGUAGE both ways: texts on which one of its indicators must fire, and ordinary mails on which none may.

All were written for this test, none after a mail that somebody received.
"""

import pytest

from filters.ruleset import discover
from tests.filters.inbound.arriving import look, mail

FOREIGN, UNNATURAL, HIDDEN, WORD = (
    "foreign_characters",
    "unnatural_japanese",
    "hidden_characters",
    "disguised_word",
)
RULES = (FOREIGN, UNNATURAL, HIDDEN, WORD)
Z, S = "\u200b", "\u00ad"
STRANGE: list[tuple[str, str]] = [
    (UNNATURAL, "親愛なるお客様、\nあなたのアカウントは一時停止されました。下のボタンで更新してください。"),
    (UNNATURAL, "あなたのパスワードは今日で切れます。ご注意してください。"),
    (UNNATURAL, "お支払い方法を更新することをお勧めいたします、さもなければサービスを失います。"),
    (UNNATURAL, "尊敬するお客様\nあなたの荷物は倉庫で待っています。料金をお支払いください。"),
    (UNNATURAL, "私たちは異常なログインを検出しました。親切に確認をお願いします。"),
    (UNNATURAL, "こんにちは、お客様。電子メールアカウントの容量がもうありません。できるだけ早く更新してください。"),
    (UNNATURAL, "添付の請求書を見つけてください。\nあなたの返信を楽しみにしています。\nありがとう、"),
    (UNNATURAL, "私は新しい事業についてこのメールを書いています。\nよろしくお願いします、"),
    (UNNATURAL, "貴重なお客様へ\nメールボックスはいっぱいです。検証を完了してください。"),
    (UNNATURAL, "アカウント を 確認 して ください 。 支払い が 失敗 しました 。 情報 を 更新 して ください 。\n我々のチームより"),
    (UNNATURAL, "当社は不審な活動に気づきました。あなたのデバイスを検証してください。"),
    (UNNATURAL, "ご利用ありがとうございます. カードが止まりました. 以下より確認してください. よろしくお願いします。あなたは24時間以内に対応する必要があります。"),
    (UNNATURAL, "いつもご利用いただき,ありがとうございます。安全のため,確認をお願いし,更新してください、お急ぎください。あなた様の口座です。"),
    (UNNATURAL, "システムを更新しました，新しいページへ移動してください、ご協力を感謝します。"),
    (UNNATURAL, "サービスは停止された。確認が必要である。お客様は情報を入力してください。ご不便をおかけします。よろしくお願いします。できるだけ早く確認してください。"),
    (UNNATURAL, "口座の信息 を更新してください。あなたの銀行は安全を大切にします。"),
    (UNNATURAL, "喜んであなたにお知らせします。あなたは当選者です。"),
    (UNNATURAL, "心配しないでください。我々のシステムがあなたのメールを守ります。"),
    (FOREIGN, "いつもご利用ありがとうございます。账单のご確认をお愿いします。"),
    (FOREIGN, "お客様のカードは異常を檢測しました。请ご確認ください。"),
    (FOREIGN, "Аmаzon プライムの会員資格が終了します。"),
    (FOREIGN, "お荷物のお届けについて、ΑΒＣPayρalより"),
    (FOREIGN, "ご注文の确認と発送のお知らせです。"),
    (WORD, "パスワ一ドの有効期限が切れます。"),
    (WORD, "お客様のア力ウントを確認してください。"),
    (WORD, "口グインが制限されました。"),
    (WORD, "クレジット力ードのご利用明細です。"),
    (WORD, "セキュリティセソターからのご連絡です。"),
    (WORD, "メ一ルアドレスの再登録をお願いします。"),
    (WORD, "二ュースレターの配信を停止します。"),
    (HIDDEN, f"Your pass{Z}word and acc{Z}ount are loc{Z}ked. Please confirm."),
    (HIDDEN, f"パス{Z}ワード、アカ{Z}ウント、ログ{Z}インをご確認ください。"),
    (HIDDEN, f"重{Z}要なお知らせ。確{Z}認と更{Z}新をお願いします。"),
    (HIDDEN, f"Ver{S}ify yo{S}ur acc{S}ount to{S}day"),
    (HIDDEN, "明日の件です\U000e0069\U000e0067\U000e006e\U000e006f\U000e0072\U000e0065。"),
]  # fmt: skip
ORDINARY: list[str] = [
    "いつも大変お世話になっております。株式会社光陽電機の田中です。\n先日お打ち合わせいただいた件につきまして、お見積書をお送りいたします。ご査収のほど、よろしくお願いいたします。",
    "お疲れ様です。来週の定例会議ですが、10時から第二会議室に変更となりました。ご都合が悪い方はご連絡ください。",
    "平素は格別のご高配を賜り、厚く御礼申し上げます。\n下記のとおり年末年始の休業期間をお知らせいたします。",
    "ご注文ありがとうございます。商品は11月25日に発送予定です。お届けまで今しばらくお待ちください。",
    "請求書の宛名が誤っておりましたので、訂正版をお送りします。大変申し訳ございません。",
    "議事録\n1. 予算について、来期は10%増とする。\n2. 開発日程は別紙のとおりである。\n3. 次回は12月3日。\n以上、ご確認ください。よろしくお願いします。",
    "ご連絡ありがとうございます。\nA社,B社,C社の見積を比較しました。結果は添付の通りです。",
    "本論文では，提案手法の有効性を示す．実験の結果，精度が向上した．ご査読をお願いいたします．",
    "パスワードの変更手順をお送りします。ユーザ一覧とサーバ一式の確認もお願いします。エラ一覧は別紙です。",
    "ワイン一ケースとケーキ一ピースを注文しました。ブランド力アップの資料もご覧ください。大工ラーメンで昼食にしましょう。",
    "お 知 ら せ\n\n総務部より、健康診断の日程をご案内します。",
    "深圳市华强电子有限公司の王伟です。いつもお世話になっております。サンプルを発送しましたので、ご確認をお願いします。",
    "お世話になっております。張（张伟）と申します。先日の件、ありがとうございました。\n\n--\n上海东方贸易有限公司\n销售部 经理 张伟\n上海市浦东新区世纪大道100号",
    "先方から次の返事がありました。\n「请您确认合同，谢谢。」\n契約書の確認依頼とのことです。対応をお願いします。",
    "> 親愛なるお客様、あなたのアカウントは停止されました。\n> さもなければ削除します。\n上のような迷惑メールが届いています。開かないようお願いします。",
    "您好，请确认附件中的发票。谢谢！\n深圳市华强电子有限公司",
    "尊敬的客户：您的订单已经发货，请注意查收。",
    "Dear Mr. Sato,\nThank you for your order. Please find the invoice attached, and let us know if anything is missing.\nBest regards,",
    "Größe und Donau\u00addampf\u00adschifffahrt, Kunden\u00adbetreuung und Rechnungs\u00adadresse: bitte prüfen.",
    "Привет! Отправляю отчёт за ноябрь. С уважением, Иван",
    "안녕하세요. 견적서를 첨부하오니 확인 부탁드립니다.",
    "髙橋様\n﨑山です。渡邊部長と齋藤様の件、承知いたしました。栁沢さんにも共有します。",
    "測定値は 5μm、抵抗は 10kΩ、αテストは完了、β版は来週です。",
    "鷗外の展覧会で、頰を緩めながら麵を食べました。剝製も見ものです。",
    "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f スコットランド出張の報告です。👨‍👩‍👧 家族も元気です。",
    "今日\u200bは\u200b良い\u200b天気\u200bです。\u200b来週\u200bの\u200b予定\u200bを\u200bお送り\u200bします。",
    "ABC Co., Ltd.、XYZ Inc.、関所商事の三社で打ち合わせをします。etc.。よろしくお願いします。",
    "“働き方改革”の資料と『業務手引』をお送りします。ご確認ください。",
    "新しいシステムを検証しておりますので、結果は来週お知らせします。メンテナンス中はログインできません。",
    "お客様のご登録情報に変更がありました。お心当たりのない場合は、会員サイトからお問い合わせください。",
    "あなたの会社の防災対策は大丈夫ですか。無料セミナーのご案内です。皆様のご参加をお待ちしております。",
    "Amazon ビジネスの請求書と、Ａ４用紙の注文をお願いします。GmbH や S.p.A. の表記も確認ください。",
    "縺ゅ↑縺溘↓縺顔衍繧峨○縺後≠繧翫∪縺吶ゅ＃遒ｺ隱阪￥縺縺輔＞縲",
    "銇傘伀銈掋仸銇勩銇俱仺銈撱銇傘偑銇熴伀銇�",
    "ã\x81\x8aä¸–è©±ã\x81«ã\x81ªã\x81£ã\x81¦ã\x81\x8aã‚Šã\x81¾ã\x81™ã€‚è³‡æ–™ã‚’ã\x81\x8aé€\x81ã‚Šã\x81—ã\x81¾ã\x81™ã€‚",
]  # fmt: skip


def speaking(text: str) -> set[str]:
    return {rule for rule in RULES if look(rule, mail(text))}


def test_there_are_enough_texts_and_no_indicator_is_forgotten() -> None:
    assert len(STRANGE) >= 30
    assert len(ORDINARY) >= 30
    assert {rule for rule, _ in STRANGE} == set(RULES)
    names = {r.name for r in discover().values() if r.control == "IN-LANGUAGE"}
    assert names - set(RULES) == {
        "unfilled_template",
        "cut_word",
        "hidden_orders",
    }  # the latter two read HTML


@pytest.mark.parametrize(("rule", "text"), STRANGE)
def test_a_strange_text_is_named(rule: str, text: str) -> None:
    assert rule in speaking(text)
    assert all(f.weight <= 3 for f in look(rule, mail(text)))


@pytest.mark.parametrize("text", ORDINARY)
def test_an_ordinary_text_is_left_alone(text: str) -> None:
    assert speaking(text) == set()


def test_subjects_and_names_are_looked_at() -> None:
    assert look(WORD, mail(subject="パスワ一ドの件"))[0].evidence[0].part == "header:subject"
    assert look(HIDDEN, mail(subject=f"Pay{Z}Pal"))[0].evidence[0].quote == "Pay<200B>Pal"
    assert look(UNNATURAL, mail("添付をご確認ください。", subject="親愛なるお客様"))
    assert look(WORD, mail(sender="ア力ウントセンター <a@x.example>"))


def test_people_we_know_may_write_as_they_can() -> None:
    raw = mail("親愛なる田中様、あなたの注文は完了しました。")
    assert look(UNNATURAL, raw)
    assert not look(UNNATURAL, raw, known=frozenset({"tanaka@koyo-denki.example"}))
