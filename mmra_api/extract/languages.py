"""The words in which models answer, by language: data only. Lower case, as on a page; alternatives apart by ``|``.

A new language is one entry, and a field may stay empty. ``patterns`` makes alternations of a field.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One language's words around a verdict."""

    answer: str
    """Nouns for the answer and phrases that bring it in: the label follows, past ``link`` words."""
    choose: str = ""
    """The writer's own choice; the label follows."""
    chosen: str = ""
    """The same, where the label comes first: "B를 선택"."""
    link: str = ""
    """What may stand between one of those and the label: articles, "is", "correct", "option"."""
    says: str = ""
    """What opens a sentence that says nothing but the verdict: "it is B", "I think B", "so B"."""
    turn: str = ""
    """What takes back the sentence before: "no, wait, B"."""
    ends: str = ""
    """What may follow the label in such a sentence: "Bです"."""
    contrast: str = ""
    """What stands before and after X in "*not* X *but* Y", apart by three dots; before may be empty."""
    over: str = ""
    """What stands between the labels in "Y *rather than* X"."""
    right: str = ""
    """Predicates that follow a label and call it right."""
    negates: str = ""
    """What stands before an answer noun or a choice and turns it round: "the answer is *not*"."""
    doubts: str = ""
    """What in the sentence before the label says that it is supposed, asked, another's or wrong: "if", "why"."""
    denies: str = ""
    """What behind the label says so: "B is *wrong*", "Bでは*ない*"."""
    marks: str = ""
    """Frequent words, apart by blanks, that tell languages written in Latin letters from one another."""
    places: str = ""
    """The first to the fifth, in order: what an option is counted by."""
    counted: str = ""
    """Nouns for an option behind such a word; empty where that holds the noun."""


LANGUAGES: dict[str, Words] = {
    "en": Words(
        answer="",
        says=(
            "it's|it is|its|it must be|it has to be|it should be|it would be|it'd be|it'll be|it will be|it seems to "
            "be|it looks like|it could be|it may be|it might be|that's|that is|that would be|that must be|this is|this "
            "must be|this would be|must be|has to be|should be|would be|i think|i'd think|i believe|i guess|i suppose|"
            "i'd say|i would say|i say|my vote is|my vote|my pick|my guess|i vote|that it's|that it is|definitely|"
            "certainly|clearly|obviously|probably|likely|most likely|possibly|perhaps|maybe|surely|presumably|"
            "apparently|undoubtedly|without a doubt|no doubt|no doubt about it|not sure, but|i'm not sure, but|i'm not "
            "certain, but|not certain, but|if i had to guess|if forced|best guess|so|thus|hence|therefore|then|ergo|"
            "which is|which gives|which means|which leaves|this leaves|leaving|that leaves|only|the answer|answer|"
            "answer is|final answer|final|the|option|choice|letter|correct|in short|in conclusion|overall|finally|and|"
            "but|still|well|ok|okay|alright|hmm|ah|oh|sure|yes|yeah|indeed|looking closer|on closer look|on closer "
            "inspection|looking again|after all|by elimination|by exclusion|in a word|to answer your question|simply "
            "put|put simply|short answer|the short answer|to be clear|honestly|all in all|result|namely|my vote goes "
            "to|my money is on|put me down for|in my opinion|in my view|looks like|sounds like|if you ask me|that "
            "makes it|this makes it|which makes it|i settled on|i'd settle on|hard to say, but|it's hard to say, but|"
            "unclear, but|unclear|leaning|i'm leaning towards|towards|without any doubt|in other words|i e|that is to "
            "say|going with|go with|choose|select|pick|mark|∴|=>|->|→|⇒|➡|≫|✓|✔|✅|☑|👉"
        ),
        turn=(
            "no|wait|no wait|actually|hold on|correction|scratch that|sorry|my mistake|my bad|oops|i mean|i meant|i "
            "mean to say|rather|or rather|on second thought|on reflection|make that|let me correct that|strike that|i "
            "take that back|apologies|instead"
        ),
        contrast=(
            "not|isn't|n't be|not be|ain't|not option|neither ... but|but rather|it's|it is|rather|instead|but instead|"
            "but it's|should be|but is"
        ),
        over="rather than|instead of|and not|as opposed to|in preference to",
        right=(
            "fits?(?: best| better| well| perfectly)?|match(?:es)?|looks? (?:right|correct|good|best)|sounds? (?:right|"
            "correct)|seems? (?:right|correct|best|most \\w+)|makes? (?:the most )?sense|the (?:(?:only|most|best|"
            "correct|right|likely|clear) ){1,3}(?:answer|choice|option|match|fit|one)|the answer|it is|wins|gets it|is "
            "the winner|remains|is left|is the only one left|works(?: best)?|✓|✔|✅|☑"
        ),
    ),
    "zh": Words(
        answer=(
            "只剩下|只剩|答案|正确选项|正确的选项|正确的是|最佳选项|因此选|所以选|故选|应选|应该选|我选|选择|正確選項|"
            "正確的選項|正確的是|最佳選項|结论:|結論:|综上,选|綜上,選|因此選|所以選|故選|應選|應該選|我選|選擇|本题选|"
            "本題選|此题选|这题选|題選|题选|我会选|我會選|我认为是|我認為是|可以选|可以選|只能选|只能選|只有选项|"
            "只有選項|应当选|應當選|排除法选|结果是|結果是|结论是|結論是"
        ),
        link=(
            "最终|最后|最終|最後|应该|應該|应|應|就|是(?!\\s{0,2}[\u0022']?(?:$|[.,!\\n的)]))|为|為|选项|選項|选择|"
            "選擇|选|選|择|擇|正确的?|正確的?|乃|图片?|圖片?|字母|第(?![一二三四五])"
        ),
        says=(
            "只剩|剩下|只剩下|就只剩|是|应该是|應該是|应为|應為|应是|應是|选|選|选项|選項|所以|因此|故|我认为|我認為|"
            "我觉得|我覺得|可能是|大概是|那就是|就是|那么|肯定是|一定是|显然是|综上|綜上|只有|答|应选|應選|我选|我選|"
            "请选|請選"
        ),
        turn="不对|不對|等等|等一下|不|更正|抱歉|我错了|我錯了|其实|其實|实际上|實際上|纠正|糾正",
        ends="选项|選項|项|項|吧|了",
        contrast="不是|不是选项|不是選項|并非|不选|不選|不应选 ... 而是|是|应该是|應該是|而应选|应选|選|选|而选",
        over="而不是|而非|不是",
        right=(
            "(?:选项|選項|项|項)?(?:是|才是|为|為|最|更)?(?:正确|正確|对的|對的|合适|合適|符合|准确|準確|恰当|恰當|"
            "合理)"
        ),
        negates="不|没有|沒有|并非|並非|不能|不应|不應",
        doubts=(
            "否则|否則|声称|聲稱|一开始|一開始|起初|最初|原本以为|原以为|本来以为|如果(?!仔细|我们|你|从|把|看|要|必须|"
            "只看|一定要|让我|非要|仅)|假如|假设|假設|若|要是|除非|不认为|不認為|不觉得|不覺得|不知道|不确定|不確定|"
            "有人说|有人說|有人认为|据说|據說|为什么|為什麼|为何|為何|错误答案|錯誤答案|错误的答案|是否"
        ),
        denies=(
            "可以排除|被排除|应排除|不符合|不对|不正确|吗|嗎|么\\?|不對|错|錯|不正確|不符|不成立|不合适|不合適|是错|"
            "是錯|都不"
        ),
        places="第一个|第二个|第三个|第四个|第五个",
        counted="选项|選項|答案",
        choose="改选|改選|改为|改為",
        chosen="\\s?莫属|\\s?莫屬",
    ),
    "ja": Words(
        answer="正しくは|残る|正解|答えは|答え|解答|回答は|回答:|最終回答|結論は",
        chosen="とします|を選び|を選択|を選ぶ|にします|と思います|と考えます|を選ん|だと思|だと考え",
        link="は|が|:|選択肢|番号|記号|正しい|最も適切な|の",
        says=(
            "よく見ると|よく見れば|改めて見ると|実際には|実際は|正しくは|残るのは|残りは|残った|私は|答えは|つまり|"
            "よって|したがって|おそらく|たぶん|選択肢|やはり|それは|これは"
        ),
        turn="いや|いえ|待って|訂正|すみません|間違えました|やっぱり|違います",
        ends="です|だ|である|でしょう|だろう|になります|となります|でした|だと思います|だと考えられます",
        contrast=" ... ではなく|ではなくて|でなく|じゃなくて|じゃなく|ではありません。",
        right="(?:が|は)(?:最も|一番)?(?:正解|正しい|適切|当てはまる|妥当|該当|ふさわしい)",
        negates="ではない",
        doubts="そうでなければ|最初は|当初は|はじめは|もし|仮に|なぜ|どうして|間違った|誤った|不正解",
        denies=(
            "が正解だと言う人|だと言う人|が正解だと言われ|が正解だという人|ではな|ではあり|でな|じゃな|ですか|"
            "でしょうか|を選ぶことはでき|を選ぶことができ|を選ぶべきでは|を選べませ|とは限|かもしれませんし|かどうか|"
            "は不正解|は間違|は誤|とは言え|とは思え|だと思いましたが|と思いましたが|だと思っていました"
        ),
        places="1番目の|2番目の|3番目の|4番目の|5番目の",
        counted="選択肢",
    ),
    "ko": Words(
        answer="남은 것은|남는 것은|정답|답은|답:|회답|답변|최종 답|최종답|결론은",
        chosen=(
            "(?:번)?(?:을|를) (?:선택|고르|고릅|택)|(?:번)?(?:으로|로) (?:선택|하겠)|(?:이|가)?라고 (?:생각|봅)|(?:인|"
            "일) 것"
        ),
        link="은|는|이|가|:|선택지|보기|옵션|번호|바로",
        says=(
            "실제로는|사실은|남는 것은|남은 것은|저는|제 생각에는|따라서|그러므로|아마도|아마|그래서|선택지|보기|"
            "이것은|바로|결국|즉|답은|옵션"
        ),
        turn="아니|아니요|잠깐|아니다|사실|정정|죄송|다시 보니",
        ends=(
            "뿐입니다|뿐이다|입니다|이다|번|번입니다|예요|이에요|에요|이겠습니다|인 것 같습니다|일 것입니다|같아요|"
            "이라고 생각합니다|라고 생각합니다"
        ),
        contrast=" ... 가 아니라|이 아니라|번이 아니라|이 아니고|가 아니고|말고|대신",
        right=(
            "(?:번)?(?:이|가) 더 (?:적절|맞|정확|알맞)|(?:번)?(?:이|가|은|는) (?:가장 |제일 )?(?:맞|정답|옳|정확|적절|"
            "올바)"
        ),
        negates="아닌",
        doubts="그렇지 않으면|처음에는|처음엔|만약|만일|왜|틀린|잘못된",
        denies=(
            "(?:이|가) 정답이라고 (?:말하|하는|주장)|일까요|(?:번)?(?:이|가|은|는)?\\s?아[니닙]|(?:인|일)가요|"
            "(?:이)?라고 할 수 없|(?:번)?(?:을|를) 선택할 수 없|(?:번)?(?:을|를) 고를 수 없|(?:번)?(?:을|를) 고르면 안|"
            "(?:번)?(?:을|를) 선택하면 안|인지 |일 수도|(?:번)?(?:이|가|은|는) 틀|(?:번)?(?:은|는|이|가) 오답"
        ),
        places="첫 번째 |두 번째 |세 번째 |네 번째 |다섯 번째 ",
        counted="선택지|보기|옵션",
    ),
    "es": Words(
        answer=(
            "solo queda|sólo queda|únicamente queda|opción que mejor encaja|opción que mejor describe|opción que mejor "
            "se ajusta|opción más adecuada|opción más apropiada|respuesta|opción correcta|opcion correcta|alternativa "
            "correcta|solución|solucion|opción adecuada|mejor opción|mejor opcion|la correcta|conclusión|letra correcta"
        ),
        choose=(
            "nos quedamos, pues, con|nos quedamos con|nos quedamos con la|me decanto por|elijo|escojo|selecciono|"
            "elegiría|elegiria|escogería|seleccionaría|me quedo con|opto por|optaría por|voy con|diría|diria|creo que "
            "es|marco|mi elección es|yo voto por|me inclino por"
        ),
        link=(
            "correcta|correcto|final|es|sería|seria|la|el|opción|opcion|letra|alternativa|número|imagen|que|:|adecuada|"
            "única"
        ),
        says=(
            "pero|en realidad|queda|solo queda|queda la|solo queda la|nos queda la|es|es la|la|sería|sería la|creo que "
            "es|creo que|pienso que es|debe ser|tiene que ser|por lo tanto|por tanto|entonces|así que|opción|letra|"
            "probablemente|quizás|tal vez|definitivamente|seguramente|claramente|en conclusión|opcion|es la opción|la "
            "opción|la letra|la respuesta|sin duda"
        ),
        turn="no|espera|en realidad|mejor dicho|perdón|perdon|corrección|disculpa|digo|me equivoqué",
        contrast="no es|no es la|no|no sería|no la ... sino|sino la|es|es la|sino que es|sino más bien",
        over="en vez de|en lugar de|y no|y no la|no",
        right=(
            "se ajusta mejor|encaja mejor|es la que mejor|(?:es|sería|parece) (?:la |el )?(?:opción |respuesta |más "
            ")?(?:correct|adecuad|mejor|cierta|verdadera|válida)"
        ),
        negates="no es|no sería|no creo que|no",
        doubts=(
            "en caso contrario|de lo contrario|afirma que|dice que|al principio|primero pensé|inicialmente|"
            "si\\b(?!\\s(?:nos|se mira|se observa|se compara|se analiza|\\w+mos|uno|lo|las)\\b)|a menos que|supongamos|"
            "suponiendo|dicen|se dice|algunos dicen|por qué|no sé|no (?:creo|pienso)|incorrecta|falsa|equivocada"
        ),
        denies=(
            "queda descartad|se descarta|está descartad|queda eliminad|tampoco|(?:es|está|sería) (?:incorrect|fals|"
            "errón|mal|equivocad)|no (?:es|sería|está)"
        ),
        marks="no es la lo ser sería yo elijo el los las una y con respuesta imágenes opción por que",
        places="primera|segunda|tercera|cuarta|quinta",
        counted="opción|opcion|alternativa",
    ),
    "fr": Words(
        answer=(
            "ne reste que|ne reste donc que|option la plus appropriée|option la plus adaptée|option qui correspond le "
            "mieux|option qui convient le mieux|réponse|reponse|bonne option|bon choix|option correcte|solution|"
            "meilleure option|la bonne|la correcte|bonne lettre"
        ),
        choose=(
            "je réponds|je réponds donc|je retiens|je choisis|je choisirais|je sélectionne|j'opte pour|j'opterais pour|"
            "je prends|je dirais|mon choix est|je vote pour|je penche pour|je pense que c'est|mon choix"
        ),
        link=(
            "correct[e]?|exacte|juste|finale|est|serait|la|le|l'|donc|option|lettre|proposition|choix|:|c'est|bonne|"
            "celle"
        ),
        says=(
            "mais|en réalité|en fait|il ne reste que|reste|il reste|c'est|c'est la|c'est l'option|la|le|ce serait|je "
            "pense que c'est|je crois que c'est|je pense|donc|ainsi|option|lettre|par conséquent|probablement|sans "
            "doute|certainement|sûrement|peut-être|l'option|la lettre|la réponse|alors|clairement|il s'agit de|sans "
            "aucun doute|sans doute possible|il s'agit de l'option"
        ),
        turn="non|attends|attendez|en fait|pardon|désolé|plutôt|correction|erreur",
        contrast="pas|pas la|non|non pas ... mais|mais la|mais plutôt|mais c'est|c'est",
        over="plutôt que|et non|et pas|au lieu de|pas",
        right=(
            "correspond (?:le )?mieux|convient (?:le )?mieux|(?:est|serait|semble|paraît)(?: être)? (?:la |le |"
            "l')?(?:plus |réponse |option )?(?:correct|bon|juste|exact|adéquat|appropri|vrai|meilleur)"
        ),
        negates="n'est pas|ne serait pas|pas",
        doubts=(
            "sinon|dans le cas contraire|affirme que|prétend que|dit que|d'abord pensé|d'abord cru|au début|au départ|"
            "initialement|si\\b(?!\\s(?:on|l'on|nous|je|vous)\\b)|s'il|supposons|on dit|certains disent|pourquoi|ne "
            "sais pas|ne (?:pense|crois) pas|ne choisirais pas|mauvaise|fausse|à moins que"
        ),
        denies=(
            "est exclue?|est élimin|ne convient pas|peut être éliminé|(?:est|serait) (?:incorrect|fau|inexact|erroné)|"
            "n'est pas|ne serait pas"
        ),
        marks="je ne pas ce il elle qui la serait c j le les une est et avec dans réponse images des deux donc",
        places="première|deuxième|troisième|quatrième|cinquième",
        counted="option|réponse|proposition",
    ),
    "de": Words(
        answer=(
            "bleibt nur noch|bleibt nur|übrig bleibt nur|bleibt also nur|antwort|lösung|loesung|richtig ist|korrekt "
            "ist|richtige option|ergebnis"
        ),
        choose=(
            "würde ich|ich würde|am besten passt|am ehesten passt|am ehesten trifft|meine wahl fällt auf|besser passt|"
            "damit ist|somit ist nur|bleibt also nur|wähle ich|nehme ich|entscheide ich mich für|ich entscheide mich "
            "für|ich wähle|ich waehle|ich nehme|ich tippe auf|meine wahl ist|ich denke|ich stimme für|meine wahl"
        ),
        link=(
            "richtige|korrekte|endgültige|finale|ist|lautet|wäre|die|der|das|option|buchstabe|somit|also|daher|hier|"
            "auf|wählen|nehmen|sagen|möglichkeit|:|und zwar|folglich|demnach|es"
        ),
        says=(
            "aber|tatsächlich|tatsächlich ist es|tatsächlich ist es aber|in wirklichkeit|in wirklichkeit ist es|übrig "
            "bleibt|übrig bleibt nur|es bleibt|es bleibt nur|bleibt nur|bleibt|es ist|es ist doch|das ist|das wäre|ist|"
            "die|option|ich denke|ich glaube|ich denke, es ist|ich glaube, es ist|also|daher|somit|folglich|deshalb|"
            "wahrscheinlich|vermutlich|vielleicht|definitiv|sicher|eindeutig|es muss|bestimmt|antwort|ganz klar|klar|"
            "ich würde sagen|buchstabe|es handelt sich um|richtig|demnach|nämlich|zwar|und zwar"
        ),
        turn=(
            "nein|moment|warte|halt|doch|korrektur|entschuldigung|eigentlich|vielmehr|besser gesagt|stimmt nicht|sorry"
        ),
        contrast="nicht|nicht die|nicht option|weder ... sondern|sondern die|sondern option|es ist",
        over="statt|anstatt|und nicht|nicht|anstelle von",
        right=(
            "richtig|korrekt|zutreffend|die (?:richtige|korrekte|beste|passende) (?:antwort|option|lösung|wahl)|passt "
            "(?:am )?beste?n?|passt besser|ist richtig|(?:ist|wäre|scheint) (?:die |das |am )?(?:richtig|korrekt|"
            "passend|zutreffend|beste|wahr)|passt(?: am besten)?|stimmt"
        ),
        negates="nicht|keine",
        doubts=(
            "andernfalls|sonst|behauptet|sagt, dass|zuerst dachte|anfangs|zunächst dachte|ursprünglich|"
            "wenn\\b(?!\\s(?:man|wir|ich|sie|du)\\b)|falls|sollte(?=\\s(?:der|die|das|ein|eine|es|sie|er)\\b)|wäre "
            "(?:es|das|er|sie|dies|ein|eine)|hätte|angenommen|manche sagen|man sagt|es heißt|warum|wieso|(?<!, "
            ")weshalb|ob|glaube nicht|denke nicht|falsche|falsch ist"
        ),
        denies=(
            "scheidet aus|fällt weg|ist ausgeschlossen|passt nicht|kommt nicht in|(?:ist|wäre) (?:falsch|nicht|"
            "inkorrekt|unzutreffend)|nicht|scheidet aus|kommt nicht"
        ),
        marks="ich nicht es wäre wenn sind der die das ist und mit ein bild antwort auf im",
        places="erste|zweite|dritte|vierte|fünfte",
        counted="option|antwort|antwortmöglichkeit",
    ),
    "pt": Words(
        answer=(
            "só resta|só sobra|resta apenas|resposta|opção correta|opcao correta|alternativa correta|alternativa certa|"
            "solução|melhor opção|a correta|a certa|gabarito|letra correta"
        ),
        choose=(
            "escolho|eu escolheria|escolheria|seleciono|opto por|fico com|eu diria|diria|minha escolha é|voto em|marco"
        ),
        link="corret[ao]|cert[ao]|final|é|seria|opção|opcao|letra|alternativa|que|:|adequada",
        says=(
            "mas|na verdade|na realidade|sobra a|só sobra a|sobra só a|resta|só resta|sobra|resta a|só resta a|é|é a|é "
            "o|seria|seria a|acho que é|acho que|acredito que é|creio que é|penso que é|deve ser|portanto|logo|então|"
            "assim|opção|letra|alternativa|provavelmente|talvez|certamente|claramente|com certeza|a opção|a letra|a "
            "alternativa|sem dúvida|acho que é a|trata-se da opção|trata-se da|sem dúvida alguma"
        ),
        turn="não|espera|espere|na verdade|ou melhor|desculpe|desculpa|correção|aliás",
        contrast="não é|não é a|não|não seria ... mas|mas a|e sim|mas sim|é|mas sim a|e sim a|é a",
        over="em vez de|e não|ao invés de|não",
        right="(?:é|seria|está|parece) (?:a |o )?(?:opção |resposta |mais )?(?:corret|cert|adequad|melhor|verdadeir)",
        negates="não é|não seria|não",
        doubts=(
            "caso contrário|senão|afirma que|diz que|a princípio|no início|primeiro pensei|inicialmente|se(?=\\s(?:o|a|"
            "os|as|um|uma|fosse|for|houvesse|houver|ele|ela|não|\\w+sse|\\w+ssem)\\b)|caso|dizem|por que|será que|"
            "suponha|suponhamos|não (?:acho|creio|acredito|penso|sei)|errada|incorreta"
        ),
        denies=(
            "não pode ser|está descartad|é descartad|fica descartad|(?:está|é|seria) (?:errad|incorret|fals)|não (?:é|"
            "está|seria)"
        ),
        marks="eu de a seria em na no escolho o os uma é e com resposta imagem imagens não são",
        places="primeira|segunda|terceira|quarta|quinta",
        counted="opção|alternativa",
    ),
    "ru": Words(
        answer="остаётся только|остается только|ответ|вариант|решение|правильно|верно|итог",
        choose=(
            "больше подходит|лучше подходит|лучше всего подходит|я выбираю|выбираю|я выберу|я бы выбрал|я бы выбрала|"
            "мой выбор|я думаю|думаю|считаю|полагаю|остановлюсь на"
        ),
        link=(
            "правильный|верный|это|будет|ответ|вариант|буква|под|буквой|номер|:|-|является|окончательный|что|на|выбрать"
        ),
        says=(
            "но|на самом деле|на самом деле это|остаётся|остаётся только|остается|остается только|это|я думаю|думаю|"
            "думаю, это|я считаю|по-моему|значит|итак|следовательно|поэтому|таким образом|скорее всего|я бы сказал|я "
            "бы сказала|вероятно|наверное|возможно|определенно|определённо|конечно|вариант|буква|ответ|точно|явно"
        ),
        turn="нет|стоп|подожди|подождите|погоди|вернее|точнее|на самом деле|ошибся|извините|простите|исправляюсь",
        contrast="не|не вариант ... а|а вариант|но|это",
        over="а не|вместо|не",
        right="(?:-|это|является|будет)?\\s?(?:наиболее |самый |самым )?(?:верн|правильн|подходит|подходящ|лучш)",
        negates="не|неправильный|неверный",
        doubts=(
            "иначе|в противном случае|утверждает|говорит, что|сначала|поначалу|изначально|вначале|если\\b(?!\\s(?:мы|"
            "вы|внимательно|\\w+ть|\\w+ться)\\b)|предположим|допустим|говорят|почему|не (?:думаю|считаю|знаю)|неверный|"
            "неправильный|ошибочный|якобы"
        ),
        denies=(
            "исключа|не подход|отпада|исключ|-?\\s?(?:это )?(?:невер|ошибоч|неправильн|не является|не подходит|не "
            "может)"
        ),
        places="первый|второй|третий|четвёртый|пятый",
        counted="вариант",
    ),
    "ar": Words(
        answer=(
            "الخيار الأنسب|الجواب الأنسب|فإن الخيار الأنسب|فالإجابة|فالجواب|فإن الإجابة|فالخيار الصحيح|فالإجابة "
            "الصحيحة|الإجابة|الاجابة|الجواب|الحل|إجابتي|جوابي|الخيار الصحيح|الإجابه"
        ),
        choose="أختار|اخترت|سأختار|أرجح|اختار|اختياري هو|خياري هو|أعتقد أن|أظن أن",
        link="الصحيحة|الصحيح|النهائية|النهائي|هي|هو|الخيار|الحرف|رقم|:|خيار|الأصح|ستكون|تكون|الإجابة",
        says=(
            "أي|أي الخيار|في الحقيقة|يبقى|يتبقى|إنه|إنها|هو|هي|الخيار|خيار|الحرف|أعتقد أنه|أعتقد|أظن|لذلك|إذن|إذا|ربما|"
            "بالتأكيد|على الأرجح|وبالتالي|لذا|الإجابة|أظن أنها|أعتقد أنها|أظن أنه"
        ),
        turn="لا|انتظر|عذرا|عذراً|تصحيح|بل|في الواقع|آسف",
        contrast="ليس|ليست|لا|ليس الخيار|وليس ... بل|ولكن|لكن|بل الخيار|إنما|بل هو|بل هي",
        over="وليس|بدلا من|لا",
        right="(?:هو |هي )?(?:الخيار |الإجابة |الجواب )?(?:ال)?(?:صحيح|أصح|أنسب|صواب|أفضل)",
        negates="ليست|ليس|غير|لا",
        doubts=(
            "وإلا|يدعي|يزعم|في البداية|ظننت أولا|إذا\\b(?!\\s(?:نظرنا|كنا|قارنا|تأملنا|دققنا))|لو|لنفترض|لماذا|هل|لا "
            "أعرف|لا (?:أعتقد|أظن)|يقال|لن|الخاطئة"
        ),
        denies="خاطئ|خطأ|غير صحيح|ليست?",
        places="الخيار الأول|الخيار الثاني|الخيار الثالث|الخيار الرابع|الخيار الخامس",
    ),
    "it": Words(
        answer=(
            "non resta che|non rimane che|resta solo|risposta|opzione corretta|alternativa corretta|soluzione|opzione "
            "giusta"
        ),
        choose="scelgo|sceglierei|seleziono|opto per|direi|la mia scelta è|voto per",
        link="corretta|giusta|esatta|finale|è|sarebbe|la|l'|il|opzione|lettera|alternativa|:|quindi",
        says=(
            "ma|in realtà|resta|rimane|resta solo|rimane solo|resta la|è|è la|la|sarebbe|credo sia|penso che sia|penso "
            "sia|quindi|dunque|perciò|opzione|lettera|probabilmente|forse|sicuramente|l'opzione|la lettera|credo che "
            "sia|deve essere|direi"
        ),
        turn="no|aspetta|in realtà|anzi|scusa|correzione",
        contrast="non è|non è la|non|non la ... ma|bensì|ma la|bensì la|è",
        over="invece di|e non|piuttosto che|non",
        right=(
            "(?:è|sarebbe|sembra) (?:la |l'|il )?(?:opzione |risposta |più )?(?:corrett|giust|esatt|miglior|adatt|ver)"
        ),
        negates="non è|non",
        doubts=(
            "altrimenti|afferma che|dice che|all'inizio|inizialmente|prima pensavo|se(?=\\s(?:il|lo|la|i|gli|le|un|una|"
            "ci|non|\\w+sse|\\w+ssero)\\b)|supponiamo|dicono|perché la|non (?:credo|penso|so)|sbagliata|errata"
        ),
        denies="è esclus|è da escludere|non può|(?:è|sarebbe) (?:sbagliat|errat|fals|incorrett)|non (?:è|sarebbe)",
        marks="non di la io sarebbe scelgo il una è e con risposta immagini che nella sono",
        places="prima|seconda|terza|quarta|quinta",
        counted="opzione|risposta",
    ),
    "hi": Words(
        answer="सही विकल्प|उत्तर|जवाब",
        choose="मैं चुनता हूँ|मेरा चुनाव",
        chosen="को चुनता|को चुनती|चुनता हूँ|चुनूंगा|चुनूँगा",
        link="है|सही|अंतिम|विकल्प|:|-|होगा",
        says="यह|मुझे लगता है|इसलिए|शायद|विकल्प|अतः|मेरे विचार से|उत्तर",
        turn="नहीं|रुकिए|रुको|माफ़ कीजिए|असल में",
        ends="है|होगा|ही है|सही है",
        contrast=" ... नहीं बल्कि|नहीं, बल्कि|नहीं",
        right="(?:ही )?सही",
        negates="गलत",
        doubts="पहले मुझे|अगर|यदि|क्यों",
        denies="नहीं|गलत|है नहीं|गलत है",
        places="पहला|दूसरा|तीसरा|चौथा|पाँचवाँ",
        counted="विकल्प",
    ),
    "vi": Words(
        answer="đáp án|câu trả lời|lựa chọn đúng|phương án đúng",
        choose="tôi chọn|chọn|tôi nghĩ là|tôi sẽ chọn",
        link="là|đúng|cuối cùng|chính xác|phương án|đáp án|lựa chọn|:|của tôi|sẽ",
        says=(
            "còn lại|đó là|là|tôi nghĩ là|tôi nghĩ|vậy|do đó|vì vậy|có lẽ|chắc chắn là|phương án|đáp án|lựa chọn|có "
            "thể là"
        ),
        turn="không|khoan|chờ đã|thực ra|xin lỗi|à không",
        contrast="không phải|không phải là ... mà là|mà",
        right="(?:là )?(?:đáp án |phương án )?(?:đúng|chính xác|phù hợp)",
        negates="không phải|không phải là",
        doubts="ban đầu|lúc đầu|nếu\\b(?!\\s(?:nhìn|xem|so sánh|phải|tôi)\\b)|giả sử|tại sao|không nghĩ|người ta nói",
        denies="là sai|không đúng|không phải|sai",
        marks="không tôi nếu là đáp án hình trong và con",
        places="phương án thứ nhất|phương án thứ hai|phương án thứ ba|phương án thứ tư|phương án thứ năm",
    ),
    "tr": Words(
        answer="cevap|cevabı|cevabım|yanıt|doğru seçenek|doğru şık",
        chosen="(?:'[a-zıü]{1,3}|yi|yı)? (?:seçiyorum|seçerdim|seçerim)|(?:'[a-zıü]{1,3})? şıkkı",
        link="doğru|nihai|son|seçenek|şık|:|şıkkı|olarak",
        says=(
            "yani|geriye kalan|bence|bu|sanırım|muhtemelen|belki|kesinlikle|o halde|bu nedenle|dolayısıyla|seçenek|"
            "doğru|cevap"
        ),
        turn="hayır|bekle|dur|aslında|pardon|düzeltme",
        ends="dir|dır|'dir|'dır|'dur|şıkkıdır|şıkkı|seçeneği|olmalı|seçeneğidir",
        contrast=" ... değil|değil de",
        right="(?:şıkkı |seçeneği )?doğru(?:dur)?",
        negates="yanlış",
        doubts=(
            "[a-zçğıöşü]+yse|[a-zçğıöşü]+ysa|[a-zçğıöşü]+rsa|[a-zçğıöşü]+rse|aksi takdirde|ilk başta|başta|eğer|neden|"
            "sanmıyorum"
        ),
        denies="elenir|olamaz|yanlış|değil",
        marks="değil ben ise ve bir cevap resim bu görsel doğru iki",
        places="birinci|ikinci|üçüncü|dördüncü|beşinci",
        counted="seçenek",
    ),
    "pl": Words(
        answer="odpowiedź|odpowiedz|poprawna opcja|prawidłowa opcja|rozwiązanie",
        choose="wybieram|wybrałbym|wybrałabym|stawiam na|moim wyborem jest",
        link="poprawna|prawidłowa|to|jest|ostateczna|opcja|litera|:|końcowa|będzie|brzmi|opcję",
        says=(
            "ale|w rzeczywistości|zostaje|pozostaje|to|myślę, że to|sądzę, że to|chyba|prawdopodobnie|więc|zatem|"
            "dlatego|opcja|na pewno|jest to|raczej"
        ),
        turn="nie|czekaj|poczekaj|właściwie|przepraszam|poprawka|jednak",
        contrast="nie|to nie ... lecz|ale|tylko|a",
        over="a nie|zamiast",
        right="(?:jest |to )(?:najbardziej )?(?:poprawn|prawidłow|właściw|dobr|najleps)",
        negates="nie|błędna",
        doubts=(
            "w przeciwnym razie|twierdzi|początkowo|na początku|jeśli\\b(?!\\s(?:się|przyjrz\\w+|spojrz\\w+|mam|"
            "porówna\\w+)\\b)|gdyby|dlaczego|nie (?:sądzę|myślę|wiem)|podobno"
        ),
        denies="odpada|nie pasuje|jest (?:błędn|niepoprawn|nieprawidłow)|nie jest|odpada",
        marks="nie że ja jeśli jest odpowiedź to na obrazie się i więc oba",
        places="pierwsza|druga|trzecia|czwarta|piąta",
        counted="opcja",
    ),
    "nl": Words(
        answer="antwoord|juiste optie|oplossing",
        choose=(
            "kies ik voor|kies ik toch voor|kies ik|ik kies|ik zou|ik ga voor|mijn keuze is|ik denk dat het|ik "
            "selecteer"
        ),
        link="juiste|correcte|goede|is|zou|zijn|de|het|optie|letter|:|luidt|dus|kiezen|voor",
        says=(
            "blijft over|blijft|het is|dat is|de|ik denk|ik denk dat het|dus|daarom|waarschijnlijk|misschien|zeker|"
            "optie|letter|het moet|volgens mij"
        ),
        turn="nee|wacht|eigenlijk|sorry|correctie|toch",
        contrast="niet|niet optie ... maar|maar optie",
        over="in plaats van|en niet|niet",
        right="is (?:de |het )?(?:juist|correct|best|goede)|klopt|past(?: het best)?",
        negates="niet",
        doubts=(
            "anders|beweert|eerst dacht|aanvankelijk|als(?=\\s(?:de|het|een|er|dit|dat)\\b)|indien|waarom|stel dat|"
            "denk niet|sommigen zeggen|foute|onjuiste"
        ),
        denies="valt af|past niet|is (?:fout|onjuist|niet|verkeerd)|klopt niet",
        marks="ik niet zou zijn dat de het een is en met antwoord afbeelding op dus",
        places="eerste|tweede|derde|vierde|vijfde",
        counted="optie",
    ),
    "id": Words(
        answer="jawaban|jawabannya|pilihan yang benar|opsi yang benar",
        choose="saya memilih|saya pilih|pilihan saya|saya akan memilih",
        link="yang|benar|tepat|adalah|akhir|akhirnya|nya|opsi|pilihan|huruf|:|saya|ialah|yaitu",
        says=(
            "tersisa|yang tersisa|itu|adalah|saya pikir|menurut saya|mungkin|jadi|oleh karena itu|pasti|opsi|pilihan|"
            "maka"
        ),
        turn="tidak|tunggu|sebenarnya|maaf|koreksi|bukan",
        contrast="bukan ... melainkan|tetapi|tapi",
        over="bukan|daripada",
        right="(?:adalah )?(?:yang )?(?:paling )?(?:benar|tepat|sesuai)",
        negates="bukan|bukanlah",
        doubts=(
            "awalnya|mula-mula|jika\\b(?!\\s(?:kita|dilihat|diperhatikan|harus|saya)\\b)|kalau|mengapa|kenapa|andaikan|"
            "tidak yakin|katanya"
        ),
        denies="salah|tidak (?:benar|tepat)|bukan",
        marks="saya tidak itu ini akan adalah yang dan jawaban gambar di pada jadi kedua",
        places="opsi pertama|opsi kedua|opsi ketiga|opsi keempat|opsi kelima",
    ),
    "sv": Words(
        answer="svar|svaret|rätt svar|det rätta svaret|slutsats",
        choose="jag väljer|jag skulle välja",
        link="är|rätt|rätta|korrekt|korrekta|alternativ|alternativet|bokstaven|:|blir",
        says="det är|jag tror att det är|jag tror|alltså|därför|troligen",
        negates="inte",
        doubts="om(?=\\s\\w+\\s(?:vore|hade|var|skulle)\\b)|varför|först trodde",
        denies="är (?:fel|inte)",
        marks="inte jag skulle vara är och det en svar bilden rätt svaret på",
    ),
    "fi": Words(
        answer="vastaus|oikea vastaus|vastaus on|lopullinen vastaus",
        choose="valitsen|valitsisin",
        link="on|oikea|vaihtoehto|kirjain|:",
        says="se on|luulen, että se on|siis|siksi|todennäköisesti",
        negates="ei ole",
        doubts="jos|miksi|aluksi",
        denies="on väärä|ei ole",
        marks="ei minä olisi jos on ja vastaus kuva se kuvassa oikea",
    ),
    "cs": Words(
        answer="odpověď|správná odpověď|konečná odpověď",
        choose="vybírám|volím|zvolil bych",
        link="je|správná|možnost|písmeno|:",
        says="je to|myslím, že je to|tedy|proto|pravděpodobně",
        negates="není",
        doubts="pokud|kdyby|proč|nejprve",
        denies="je (?:špatně|nesprávná)|není",
        marks="není že by je a odpověď na obrázku správná to obou",
    ),
    "ro": Words(
        answer="răspunsul|răspuns|răspunsul corect",
        choose="aleg|aș alege",
        link="este|corect|final|varianta|opțiunea|litera|:",
        says="este|cred că este|deci|prin urmare|probabil",
        negates="nu",
        doubts="dacă|de ce|inițial",
        denies="este (?:greșit|incorect)|nu este",
        marks="nu eu ar fi dacă este și răspunsul imagine în corect cele",
    ),
    "uk": Words(
        answer="відповідь|правильна відповідь|правильний варіант|остаточна відповідь",
        choose="я обираю|обираю|я вибираю|вибираю",
        link="-|це|є|правильна|варіант|літера|:",
        says="це|я думаю, це|думаю|отже|тому|ймовірно",
        negates="не",
        doubts="якщо|якби|чому|спочатку",
        denies="(?:є )?(?:неправильн|хибн)",
    ),
    "el": Words(
        answer="απάντηση|η απάντηση|σωστή απάντηση|η σωστή απάντηση",
        choose="επιλέγω|θα επέλεγα",
        link="είναι|το|σωστή|επιλογή|γράμμα|:",
        says="είναι|είναι το|νομίζω ότι είναι|άρα|επομένως|μάλλον",
        negates="δεν είναι",
        doubts="αν|εάν|γιατί|αρχικά",
        denies="είναι λάθος|δεν είναι",
    ),
    "he": Words(
        answer="התשובה|התשובה הנכונה|תשובה",
        choose="אני בוחר|אני בוחרת|אבחר",
        link="היא|הוא|הנכונה|הסופית|אפשרות|האפשרות|:",
        says="זה|זו|אני חושב שזה|לכן|כנראה",
        negates="לא|אינה",
        doubts="אם|אילו|למה|מדוע|בהתחלה",
        denies="שגויה|לא נכונה|אינה",
    ),
    "fa": Words(
        answer="پاسخ|جواب|پاسخ صحیح|پاسخ درست|گزینه صحیح",
        choose="انتخاب می‌کنم|من انتخاب می‌کنم",
        link="گزینه|گزینهٔ|صحیح|درست|نهایی|:",
        says="بنابراین|پس|احتمالا|فکر می‌کنم",
        doubts="اگر|چرا|ابتدا",
        denies="نیست|نادرست|غلط",
    ),
    "th": Words(
        answer="คำตอบคือ|คำตอบที่ถูกต้องคือ|คำตอบ|ตอบ",
        choose="ฉันเลือก|ผมเลือก|ขอเลือก",
        link="คือ|ข้อ|ตัวเลือก|ที่ถูกต้อง|:",
        says="คือ|น่าจะเป็น|ดังนั้น",
        doubts="ถ้า|หาก|ทำไม|ตอนแรก",
        denies="ไม่ถูก|ผิด",
    ),
}

YES = (
    "yes|yeah|yep|yup|yea|correct|true|affirmative|right|oui|sí|si|sì|sim|ja|jawohl|da|да|верно|はい|ええ|是的|是|对|"
    "對|正确|正確|肯定的|"
    "对的|對的|有|有的|예|네|그렇습니다|نعم|أجل|हाँ|हां|जी हाँ|có|vâng|đúng|evet|tak|ya|iya|"
    "بلى|kyllä|ano|так|ναι|כן|بله|ใช่"
)
NO = (
    "no|nope|nah|false|incorrect|negative|wrong|non|não|nao|nein|нет|неверно|いいえ|いえ|不是的|不是|不对|不對|"
    "不正确|不正確|否|不|"
    "没有|沒有|错误|錯誤|错|錯|아니요|아니오|아닙니다|아뇨|لا|كلا|नहीं|जी नहीं|không|hayır|nie|nee|tidak|bukan|não é|"
    "いや|いいや|nej|ei|ні|όχι|לא|خیر|ไม่|ไม่ใช่"
)
