settings-title = الإعدادات
settings-search = البحث في الإعدادات
settings-none = لا شيء هنا بهذا الاسم.
settings-failed = تعذّر حفظ ذلك.
settings-found = { $count ->
    [zero] لم يُعثر على إعدادات
    [one] عُثر على إعداد واحد
    [two] عُثر على إعدادين
    [few] عُثر على { $count } إعدادات
    [many] عُثر على { $count } إعدادًا
   *[other] عُثر على { $count } إعداد
  }

settings-look = المظهر
settings-language = اللغة
settings-language-system = كما في هذا الحاسوب
settings-theme = الألوان
settings-theme-system = كما في هذا الحاسوب
settings-theme-light = فاتحة
settings-theme-dark = داكنة
settings-theme-contrast = تباين عالٍ
settings-text-size = حجم النص
settings-text-size-value = { $percent }٪
settings-reduce-motion = حركة أقل
settings-reduce-motion-hint = لا شيء ينزلق أو يتلاشى.

settings-safety = الأمان
settings-blur = إخفاء آخر الرسائل في القائمة
settings-blur-hint = تظهر حين تشير إليها أو تصل إليها بلوحة المفاتيح.
settings-lock-after = القفل إذا لم يحدث شيء لمدة
settings-lock-never = أبدًا
settings-lock-seconds = { $count ->
    [zero] { $count } ثانية
    [one] ثانية واحدة
    [two] ثانيتين
    [few] { $count } ثوانٍ
    [many] { $count } ثانية
   *[other] { $count } ثانية
  }
settings-lock-minutes = { $count ->
    [zero] { $count } دقيقة
    [one] دقيقة واحدة
    [two] دقيقتين
    [few] { $count } دقائق
    [many] { $count } دقيقة
   *[other] { $count } دقيقة
  }
settings-lock-never-hint = عندئذ يجد كلَّ شيء من يجد هذا الحاسوب مفتوحًا.
settings-lock-suspend = القفل عند سكون الحاسوب
settings-notifications = الإشعارات
settings-notifications-none = لا شيء
settings-notifications-content-free = أن هناك جديدًا فقط
settings-notifications-hint = لا من كتب أبدًا، ولا ماذا كتب.
settings-erase = محو كل شيء
settings-erase-hint = يُتلف المفاتيح والملفات على هذا الحاسوب. يفتحه Ctrl+Shift+Delete من أي مكان.
settings-exit-hint = للخروج بسرعة: Ctrl+Q مرتين، أو Esc ثلاث مرات. يُغلق كل شيء ولا يُمحى شيء.

settings-network = الشبكة
settings-online = متصل بالشبكة
settings-online-hint = عند الإيقاف تُغلق كل الاتصالات وكل المنافذ. وما تكتبه ينتظر هنا.
settings-online-count = { $count ->
    [zero] لا اتصال بأحد الآن
    [one] متصل بعضو واحد
    [two] متصل بعضوين
    [few] متصل بـ { $count } أعضاء
    [many] متصل بـ { $count } عضوًا
   *[other] متصل بـ { $count } عضو
  }
settings-online-readers = { $count ->
    [zero] وبلا قرّاء قنوات
    [one] وبقارئ واحد للقنوات
    [two] وبقارئين للقنوات
    [few] وبـ { $count } قرّاء للقنوات
    [many] وبـ { $count } قارئًا للقنوات
   *[other] وبـ { $count } قارئ للقنوات
  }
settings-offline = غير متصل: لا شيء يدخل أو يخرج
settings-ports = المنافذ المفتوحة
settings-ports-hint = هنا يصل الأعضاء وقرّاء القنوات إلى هذا الحاسوب. أما الغرباء فلا يأتيهم جواب يكشف ما هو.
settings-ports-none = لا شيء
settings-ports-where = منافذ الخلية تُغيَّر في إعداداتها.

settings-about = حول البرنامج
settings-version = الإصدار { $version }
settings-sandbox-on = الجزء الذي يرسم هذه النافذة معزول: لا شبكة له ولا ملفات خاصة به.
settings-sandbox-off = تعذّر على هذا الحاسوب عزل الجزء الذي يرسم هذه النافذة. خلل فيه قد يصل إلى ملفاتك وإلى الشبكة.
settings-jit-on = البرامج النصية السريعة مفعّلة في هذه النافذة. هذا يوسّع المجال لأي خلل فيها.
settings-swap-on = ينقل هذا الحاسوب الذاكرة إلى القرص دون تشفير. قد يُكتب هناك ما تراه هنا. أوقف ذلك، أو شفّره.
settings-swap-off = لم يُعثر على نقل ذاكرة دون تشفير.
settings-folder = كل شيء محفوظ في
settings-audit = لم يفحصه أحد من خارج المشروع بعد.
settings-limits = ما الذي يحميه وما الذي لا يحميه
settings-limits-lead = كل قول هنا يثبته اختبار في المشروع. وما لم يُذكر فلا نزعمه.
settings-limits-english = ما ورد هنا بالإنجليزية لم يُترجم بعد، وهو كما يحفظه المشروع.
settings-limits-yes = محميّ
settings-limits-no = غير محميّ
settings-limits-claims = كل الأقوال
settings-limits-more = وأيضًا
settings-limits-open = اقرأها

claims-read = القراءة
claims-member = العضوية
claims-join = الانضمام
claims-wire = الشبكة
claims-bundle = ملفات تُحمل باليد
claims-disk = هذا الحاسوب
claims-crypto = التشفير
claims-mark = التفاعلات والتعديلات والحذف
claims-sync = ما لدى الجميع
claims-window = النافذة
claims-other = المزيد

cell-settings-title = إعدادات الخلية
cell-settings-name = ماذا تسمّيها
cell-settings-name-hint = على هذا الحاسوب فقط.
cell-settings-rename = حفظ
cell-settings-renamed = تم الحفظ
cell-settings-suite = الحماية
cell-settings-suite-xwing = الرسائل محمية من حواسيب المستقبل الكمومية أيضًا. حتى 25 عضوًا.
cell-settings-suite-x25519 = للرسائل الحماية المعتادة اليوم، لا الحماية من حواسيب المستقبل الكمومية. حتى 50 عضوًا.
cell-settings-lifetime = مدة بقاء الرسائل
cell-settings-lifetime-hint = تختفي الرسالة من كل جهاز عند انتهاء مدتها، ومن الأجهزة المطفأة حين تعمل من جديد. المدة الجديدة تسري على الجميع وعلى ما يُكتب بعدها. لا يمكن لأحد أن يمنع غيره من نسخ ما يقرؤه.
cell-settings-lifetime-for = تبقى الرسائل
cell-settings-lifetime-done = من الآن وللجميع
cell-settings-lan = إيجاد الأعضاء في الشبكة المحلية نفسها
cell-settings-lan-hint = ينادي حاسوبك عندئذ في الشبكة كل بضع ثوانٍ. من يراقب تلك الشبكة يرى أن هذا البرنامج يعمل هنا، لكنه لا يرى أي خلية. موقوف إلى أن تشغّله.
cell-settings-listen = أين يصل إليك الأعضاء
cell-settings-listen-hint = عنوان ومنفذ لهذا الحاسوب. للوصول إليك من الخارج يجب أن يمرّر الموجّه المنفذ.
cell-settings-listen-now = مفتوح الآن
cell-settings-listen-none = لا شيء مفتوح الآن.
cell-settings-ip = العنوان
cell-settings-ip-hint = فارغ: كما هو
cell-settings-port = المنفذ
cell-settings-port-hint = ‏0: يختار النظام
cell-settings-listen-save = استخدام هذين
cell-settings-listen-saved = تم التغيير. إن كان المنفذ مشغولًا فقد فُتح غيره: انظر أعلاه.
cell-settings-ip-wrong = هذا ليس عنوان IP.
cell-settings-port-wrong = المنفذ رقم من 0 إلى 65535.
cell-settings-heal = تجديد المفاتيح
cell-settings-heal-hint = يحدث من تلقاء نفسه كل يوم تتصل فيه. وما إن يأخذ الآخرون بالمفاتيح الجديدة حتى لا تنفع مفاتيح سُرقت منك من قبل في قراءة ما يأتي بعدها.
cell-settings-heal-done = ستُجدَّد المفاتيح مع كلماتك التالية، أو قبلها.
cell-settings-bundle = حمل الرسائل باليد
cell-settings-bundle-hint = الحزمة ملف فيه كل ما قد ينقص الأعضاء الآخرين، مختوم لهذه الخلية. من دون مفاتيح الخلية يبدو كالضجيج. احمله إليهم على ذاكرة USB.
cell-settings-export = حفظ حزمة…
cell-settings-exported = { $count ->
    [zero] تم الحفظ، دون قطع.
    [one] تم الحفظ، وفيها قطعة واحدة.
    [two] تم الحفظ، وفيها قطعتان.
    [few] تم الحفظ، وفيها { $count } قطع.
    [many] تم الحفظ، وفيها { $count } قطعة.
   *[other] تم الحفظ، وفيها { $count } قطعة.
  }
cell-settings-import = فتح حزمة…
cell-settings-imported = { $count ->
    [zero] لم يكن فيها جديد.
    [one] وصلت قطعة جديدة واحدة.
    [two] وصلت قطعتان جديدتان.
    [few] وصلت { $count } قطع جديدة.
    [many] وصلت { $count } قطعة جديدة.
   *[other] وصلت { $count } قطعة جديدة.
  }
cell-settings-leave = مغادرة الخلية…
cell-settings-left = لم تعد في هذه الخلية. يبقى ما قرأته هنا.
