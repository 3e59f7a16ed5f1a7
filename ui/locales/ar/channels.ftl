# Channels: what a few publish and any number read.

channels = القنوات
channels-lead = يكتب فيها قلّة ويقرؤها من شاء. ولا أحد يملك قائمة بمن يقرأ.
channels-news = القنوات، الجديد: { $count }
channels-none = لا قنوات بعد
channels-none-text = يعطيك أحد رابطًا، نصًا أو صورة. أو ابدأ قناة وأعطِ رابطها لغيرك.
channels-follow = متابعة قناة
channels-start = بدء قناة
channel-follow = متابعة
channel-start = ابدأها
channel-name = ما اسمها؟
channel-name-hint = يقرأ هذا الاسم كل من عنده الرابط. فلا يقل من أنت.
channel-start-text = كل جهاز يتابع القناة يمرر ما يُنشر فيها. ما تنشره لا يُسترد، ولا شيء يريك من قرأه.
channel-fresh = الوعد بمنشور تالٍ
channel-fresh-hint = إن لم يُنشر شيء طوال هذه المدة، يُخبَر من يتابع القناة بأنها صامتة. هكذا يلاحظون أنك أُوقفت أو انقطع اتصالك.
channel-fresh-none = بلا وعد
channel-fresh-days = { $count ->
    [zero] خلال { $count } يوم
    [one] خلال يوم واحد
    [two] خلال يومين
    [few] خلال { $count } أيام
    [many] خلال { $count } يومًا
   *[other] خلال { $count } يوم
}
channel-link-hint = يبدأ بـ vigil-channel:
channel-picture-none = لا يوجد فيها رابط قناة. جرّب صورة أوضح يظهر فيها الرمز كله.
channel-got-link = قُرئ الرابط.
channel-follow-text = يتصل جهازك بمن أعطاك الرابط وبغيره من المتابعين. يعرفون عنوانك على الإنترنت وأن هذا الجهاز يتابع القناة.
channel-link = تمرير الرابط
channel-link-title = رابط { $name }
channel-link-text = من عنده الرابط يقرأ كل ما يأتي من الآن، ويمكنه تمريره. لا أحد يعرف من عنده. ولا يمكن سحبه من شخص واحد.
channel-link-qr = الرابط صورةً
channel-link-address = فيه عنوان هذا الجهاز على الإنترنت: عنده يسأل القارئ التالي أولًا.
channel-ours = أنت تنشر فيها
channel-reached = { $count ->
    [zero] لا أحد متصل
    [one] جهاز واحد متصل
    [two] جهازان متصلان
    [few] { $count } أجهزة متصلة
    [many] { $count } جهازًا متصلًا
   *[other] { $count } جهاز متصل
}
channel-not-reached = لا أحد متصل الآن
channel-unread = { $count ->
    [zero] لا جديد
    [one] منشور جديد
    [two] منشوران جديدان
    [few] { $count } منشورات جديدة
    [many] { $count } منشورًا جديدًا
   *[other] { $count } منشور جديد
}
channel-parted-short = قالت شيئين مختلفين
channel-parted = قالت هذه القناة في موضع واحد شيئين مختلفين. مفاتيحها في يد من لا ينبغي، أو يخدع ناشروها. وما جاء بعد ذلك لا يُعتد به. اطلب رابطًا جديدًا ممن تثق به.
channel-silent-short = صامتة أطول مما وعدت
channel-silent = وُعد بمنشور قبل { $day } ولم يأت. ربما انقطعت أنت، وربما انقطع ناشروها.
channel-missing = { $count ->
    [zero] لا ينقص شيء.
    [one] ينقص هنا منشور واحد. يأتي حين يُتصل بمن عنده.
    [two] ينقص هنا منشوران. يأتيان حين يُتصل بمن عنده.
    [few] تنقص هنا { $count } منشورات. تأتي حين يُتصل بمن عنده.
    [many] ينقص هنا { $count } منشورًا. تأتي حين يُتصل بمن عنده.
   *[other] ينقص هنا { $count } منشور. تأتي حين يُتصل بمن عنده.
}
channel-signed = يوقّع كل منشور { $threshold } من { $count }.
channel-signed-one = يوقّع كل منشور ناشرها الوحيد.
channel-posts = المنشورات
channel-no-posts = لم يُنشر شيء بعد، أو لم يصل شيء إلى هنا.
channel-older = الأقدم
channel-post-gap = منشورات قبله ناقصة هنا
channel-post-other = شيء لا تعرضه هذه النسخة
channel-write = اكتب منشورًا
channel-post-title = النشر في { $name }؟
channel-post-who = كل من عنده رابط هذه القناة يمكنه قراءته وحفظه وتمريره، وخصومك كذلك. ولا يمكن استرداده.
channel-post = انشره
channel-posted = نُشر.
channel-stop = ترك المتابعة
channel-stop-title = ترك متابعة { $name }؟
channel-stop-text = تذهب منشوراتها من هذا الجهاز. ولمتابعتها ثانية تحتاج إلى رابط.
channel-give-up-title = التخلي عن { $name }؟
channel-give-up-text = يذهب معها المفتاح الذي تنشر به. ولن ينشر أحد باسمك في هذه القناة بعد ذلك، ولا أنت.
channel-stopped = لم تعد تتابعها.
channel-unnamed = غير معروفة بعد
channel-waiting-short = نسأل عن اسمها
channel-waiting = لم يُتصل بعد بأحد يتابع هذه القناة. يأتي اسمها ومنشوراتها حينئذ.
channel-confusable = لقناة أخرى هنا اسم شبيه. انظر جيدًا من أعطاك أي رابط.
channel-damaged = المحفوظ منها تالف. اترك متابعتها ثم تابعها من جديد برابط جديد.
channel-restored = أُعيد هذا الجهاز إلى يوم سابق. لم يعد يوقّع شيئًا في هذه القناة، فقد يناقض ما قاله من قبل.
channel-unsigned = { $count ->
    [zero] لا ينتظر شيء.
    [one] ينتظر هنا منشور لك حتى يُتصل بأحد يتابع القناة.
    [two] ينتظر هنا منشوران لك حتى يُتصل بأحد يتابع القناة.
    [few] تنتظر هنا { $count } منشورات لك حتى يُتصل بأحد يتابع القناة.
    [many] ينتظر هنا { $count } منشورًا لك حتى يُتصل بأحد يتابع القناة.
   *[other] ينتظر هنا { $count } منشور لك حتى يُتصل بأحد يتابع القناة.
}
channel-post-waits = ينتظر حتى يُتصل بأحد يتابع القناة.
channel-post-fallen = لا يُعتد به: ناقضت القناة نفسها هنا أو قبله.
channel-forward = أظهره لخلية…
channel-forward-call = خذه إلى خلية…
channel-forward-title = هل تظهر هذا المنشور لخلية؟
channel-forward-text = يقرؤه كل من في الخلية مع تواقيع القناة ويرى أنه جاء منك. ويعرفون أنك تتابع هذه القناة.
channel-forward-call-title = هل تأخذ هذه الدعوة إلى خلية؟
channel-forward-call-text = تصبح هناك دعوتك: تجيب الخلية وتخطط وتطمئن بنفسها، ولا يعود شيء من ذلك إلى القناة. ترى الخلية من أي قناة هي وأنك تتابعها. إذا ألغتها القناة أخبر هذا الجهاز الخلية.
channel-forward-cell = أي خلية
channel-forward-none = لست في أي خلية بعد.
channel-forward-do = أظهره
channel-forwarded = صار لدى { $cell }.
channel-call-replaced = نسخة سابقة من «{ $title }». الأحدث في الأعلى.
channel-call-over = دعوة انتهت. لم يبق منها شيء.
channel-cancel-text = يرى الإلغاء كل من يتابع القناة قبل كل شيء، ويخبر من أخذ الدعوة خليته. لا رجعة فيه. من هو غير متصل يعرف متأخرا.
channel-carry = حمل باليد
channel-carry-title = { $name } على ذاكرة USB
channel-carry-text = الحزمة ملف فيه كل المنشورات الموجودة هنا، لمن ليست عنده شبكة. ويحتاج هو أيضًا إلى الرابط، ممن عنده.
channel-carry-found = تبدو كالضجيج لمن ليس عنده الرابط. ومن وجدها وعنده الرابط يرى أنها من هذه القناة وأي منشورات كانت هنا.
channel-saved = { $count ->
    [zero] تم الحفظ، دون منشورات.
    [one] تم الحفظ، وفيها منشور واحد.
    [two] تم الحفظ، وفيها منشوران.
    [few] تم الحفظ، وفيها { $count } منشورات.
    [many] تم الحفظ، وفيها { $count } منشورًا.
   *[other] تم الحفظ، وفيها { $count } منشور.
}
channel-passphrase = عبارة مرور الرابط
channel-passphrase-hint = مررها بطريق غير طريق الرابط. من عنده الرابط يمكنه أن يحاول تخمينها، فلتكن طويلة.
channel-guard = حمايته بعبارة مرور
channel-guard-do = حماية
channel-guarded = لا نفع لهذا الرابط من دون العبارة. وهي لا تُحفظ في أي مكان: تذكرها.
