# التشغيل الأول والفتح والمحو. قبل الفتح لا يظهر هنا شيء عن الخلايا أو الناس،
# إلا في الشاشة الأولى تمامًا، حيث لا يوجد شيء بعد.

door-language = اللغة
door-language-system = لغة هذا الحاسوب
door-step = الخطوة { $number } من { $total }
door-back = رجوع
door-next = متابعة
door-quit = خروج

door-welcome-title = قبل أن تبدأ
door-welcome-lead = لمجموعات صغيرة من أناس يعرف بعضهم بعضًا ويعملون معًا. لا خادم ولا حساب ولا رقم هاتف.
door-protects-title = ما الذي يحميه هذا
door-protects-readers = ما يُقال في خلية يقرؤه من كانوا أعضاءً فيها حين قيل، ولا يقرؤه أحد في الطريق.
door-protects-disk = ما يُحفظ على هذا الحاسوب مختوم بعبارة المرور الخاصة بك.
door-protects-removal = من أُخرج من خلية لا يقرأ بعد ذلك شيئًا ممن يعلمون بإخراجه.
door-limits-title = ما الذي لا يستطيع حمايته
door-limits-members = كل عضو يستطيع أن ينسخ ما قرأه أو يصوّره أو ينقله. الرسائل موقّعة، فيمكن إثبات من كتبها.
door-limits-network = يرى الأعضاء عناوين الإنترنت لبعضهم. ومن يراقب الشبكة يرى أن عنوانين يتحادثان، ومتى.
door-limits-open = ما دام مفتوحًا، يعرض هذا الحاسوب كل شيء. وكذلك عبارة مرور تُجبَر على قولها.
door-audit = لم يفحصه أحد من خارج المشروع بعد. رجاءً لا تراهن عليه بحرية أحد.

door-words-title = عبارة المرور
door-words-lead = هذه الكلمات الست هي المفتاح الوحيد. اكتبها على ورق بهذا الترتيب. لا أحد يستطيع أن يرسل إليك غيرها.
door-words-list = ست كلمات بالترتيب
door-words-hide = لا تُحفظ الكلمات في أي مكان يمكن النظر فيه لاحقًا.
door-words-again = كلمات أخرى
door-words-written = كتبتها على الورق
door-words-own = سأختار عبارتي بنفسي
door-words-failed = تعذّر إنشاء الكلمات.
door-try-again = حاول مجددًا

door-check-title = تحقّق من ورقتك
door-check-lead = اكتب كلمتين منها لنتأكد أن الورقة صحيحة.
door-check-word = الكلمة { $number }
door-check-wrong = ليست هذه الكلمة { $number }. انظر إلى ورقتك مرة أخرى.
door-check-show = عرض الكلمات مجددًا
door-check-done = صحيحة، متابعة

door-own-title = عبارة مرور من اختيارك
door-own-lead = الأفضل عدة كلمات لا رابط بينها. بلا أسماء ولا تواريخ ولا شيء طُبع من قبل. اللصق مسموح.
door-own-field = عبارة المرور
door-own-repeat = نفسها مرة أخرى
door-own-differ = العبارتان غير متطابقتين.
door-own-words = ست كلمات تُنشأ لي
door-own-use = استخدام هذه العبارة
door-strength-0 = تُخمَّن فورًا
door-strength-1 = تُخمَّن بسرعة
door-strength-2 = ما زال تخمينها سهلًا
door-strength-3 = صعبة التخمين
door-strength-4 = صعبة التخمين جدًا
door-strength-more = لا تكفي بعد. أضف كلمات.
door-strength-enough = هذا يكفي.

door-making-title = جارٍ صنع مفتاحك
door-making-lead = تتحوّل عبارتك إلى مفتاح. يستغرق هذا بضع ثوانٍ عن قصد: فكل تخمين يكلّف المهاجم القدر نفسه.
door-opening = جارٍ الفتح…

door-unlock-title = الفتح
door-unlock-field = عبارة المرور
door-unlock-show = إظهار العبارة
door-unlock-hide = إخفاء العبارة
door-unlock-button = فتح
door-unlock-working = تتحوّل عبارتك إلى مفتاح. يستغرق هذا بضع ثوانٍ.
door-unlock-wrong = هذه العبارة لا تفتح. تحقّق من لغة لوحة المفاتيح ومن Caps Lock ثم حاول مجددًا.
door-forgotten = هل نسيت العبارة؟
door-forgotten-text = لا يوجد مفتاح آخر، ولا أحد يستطيع إعادة تعيينها. لا يبقى عندئذ إلا محو كل شيء هنا والبدء من جديد.

door-damaged-title = المحفوظ هنا تالف
door-damaged-lead = لا يمكن الوثوق به، لذلك لم يُفتح. لم يتغيّر شيء.
door-damaged-copy = اخرج، وقبل أي شيء انسخ المجلد إلى قرص آخر.
door-damaged-disk = تحقّق إن كان القرص معطوبًا، ثم حاول مجددًا.
door-damaged-erase = إن بقي تالفًا، فامحُ كل شيء هنا وابدأ من جديد.

door-rollback-title = هذه حالة أقدم
door-rollback-lead = المحفوظ هنا أقدم مما كان هنا آخر مرة. يحدث هذا حين يُعاد المجلد من نسخة. ويحدث أيضًا حين يغيّر أحدٌ القرص.
door-rollback-known = هل أعدت نسخةً بنفسك؟ يمكنك المتابعة إذن. سيُبلَّغ الآخرون بأن جهازك استُعيد، وعلى واحد منهم أن يؤكدك قبل أن يقرؤوا لك من جديد.
door-rollback-unknown = إن لم تكن أنت، فربما كان هذا الحاسوب في يد غيرك. اخرج، وتحدّث أولًا مع من تثق بهم.
door-rollback-accept = أعدتها بنفسي، متابعة
door-rollback-quit = خروج

door-running-title = مفتوح من قبل
door-running-lead = إنه مفتوح في نافذة أخرى على هذا الحاسوب. استخدم تلك النافذة، أو أغلقها وحاول مجددًا.
door-full-title = القرص ممتلئ
door-full-lead = أفرغ بعض المساحة ثم حاول مجددًا. لم يضِع شيء.

erase-open = محو كل شيء…
erase-title = محو كل شيء؟
erase-lead = تُتلف المفاتيح أولًا، ثم الملفات. لا أحد يستطيع التراجع عن ذلك.
erase-lost = سيزول كل ما هنا: لن تفتح عبارة المرور شيئًا بعد ذلك.
erase-copies = ما لا يصل إليه المحو: نسخ من القرص أخذها أحد من قبل، وما لدى الآخرين.
erase-law = في بعض البلدان يُعاقَب على إتلاف ما قد يكون دليلًا. القرار قرارك.
erase-cancel = إلغاء
erase-continue = إلى الخطوة الأخيرة
erase-last-title = الخطوة الأخيرة
erase-last-lead = اضغط على الزر ثانيتين دون رفع، أو اضغط Enter مرتين. رفع الضغط يوقف المحو.
erase-hold = اضغط مطوّلًا للمحو
erase-holding = استمر في الضغط…
erase-armed = اضغط Enter مرة أخرى للمحو
erase-stopped = توقّف. لم يُمحَ شيء.
erase-progress = حتى محو كل شيء
erase-working = جارٍ المحو…
erase-done-title = تم المحو
erase-done-lead = زالت المفاتيح والملفات من هذا الحاسوب.
erase-failed-title = لم ينجح المحو
erase-failed-lead = قد تبقى بيانات على هذا القرص.
erase-failed-again = حاول الآن مرة أخرى.
erase-failed-folder = إن فشل مجددًا، فاخرج واحذف هذا المجلد بيدك:
erase-failed-disk = ثم عامِل القرص كأن كل شيء ما زال عليه.
erase-again = حاول مجددًا
erase-close = إغلاق الآن
erase-closes = يُغلق بعد { $seconds ->
    [zero] { $seconds } ثانية
    [one] ثانية واحدة
    [two] ثانيتين
    [few] { $seconds } ثوانٍ
    [many] { $seconds } ثانية
   *[other] { $seconds } ثانية
  }.
erase-exit-again = ‏Ctrl+Q مرة أخرى يغلق كل شيء. لا يُمحى شيء.
