/* SPDX-License-Identifier: MIT */
#include "meanings.h"

#define SHARED                                                                                               \
	"Everything that runs on a CPU shares its FP registers. Whoever uses them must find what it left "   \
	"there "                                                                                             \
	"last, whoever has used them meanwhile. "

const char *const report_meanings[PROPERTIES] = {
        [PROPERTY_FP_LEAK] = SHARED "Here it finds what another program or guest has computed with: keys and "
                                    "passwords, too, pass through "
                                    "these registers.",
        [PROPERTY_FP_LOST] = SHARED
        "Here what it left has been overwritten, or an older copy was loaded in its place. Nothing "
        "reports that: the program computes on with wrong numbers.",
        [PROPERTY_FPEXC_HOST] =
                "FPEXC.EN decides whether an FP instruction works or is UNDEFINED. The host's lazy switching "
                "clears it to be told when a thread uses FP next, and believes what it has written there. "
                "With "
                "anything else in it, a thread uses registers that are not its own, or they are saved as if "
                "they "
                "were.",
        [PROPERTY_FPEXC_GUEST] =
                "There is one FPEXC for host and guest. While the guest runs it must look as if it were the "
                "guest's own: a guest kernel switches its FP registers lazily, too, and believes what it has "
                "written there.",
        [PROPERTY_CRASH] =
                "Nobody handles this exception: a real machine would stop with an oops, or hang in Hyp mode.",
        [PROPERTY_STUCK] = "From here on nobody gets any further: a real machine would hang.",
        [PROPERTY_FP_LEAK_SAVED] =
                "An early warning. Nobody has read the wrong registers yet, but they now lie where another "
                "context's are kept, and will be loaded as if they were its own. The violation that people "
                "notice "
                "is fp-leak.",
        [PROPERTY_FP_LOST_SAVED] =
                "An early warning. Nobody has read the wrong registers yet, but what is kept for this "
                "context is "
                "no longer the newest that it had. The violation that people notice is fp-lost.",
};
