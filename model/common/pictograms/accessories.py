"""The bag, and the three shoes, seen from the side with the toe to the left."""

from model.common.pictograms.paths import ellipse, path, symmetric
from model.common.pictograms.shapes import Line, Piece, Shade, Shape, both

SANDAL: tuple[Shape, ...] = (
    # The far side of the straps.
    Line(path("M 706 470 C 690 400 830 380 868 450"), 44, "line"),
    Line(path("M 706 470 C 690 400 830 380 868 450"), 28, "lining"),
    Piece(path("M 168 770 C 176 660 236 574 330 566 C 430 562 486 640 488 750 Z"), "lining"),
    # Sole and heel.
    Piece(
        path("M 742 640 L 905 600 L 900 838 Q 899 850 886 850 L 800 850 Q 788 850 785 838 Z"),
        "deep",
    ),
    Piece(
        path(
            "M 80 770 Q 78 748 104 748 C 240 772 400 774 500 730 C 600 680 680 600 800 584 "
            "L 900 574 Q 922 574 920 598 L 916 640 C 820 634 740 660 680 720 "
            "C 600 800 500 838 380 846 "
            "L 130 848 Q 84 846 80 800 Z"
        ),
        "sole",
    ),
    Line(
        path("M 84 806 C 240 826 420 820 530 768 C 620 720 690 628 800 614 L 918 606"), 14, "accent"
    ),
    # The near side of the straps.
    Piece(
        path(
            "M 890 588 C 884 520 884 470 896 400 Q 898 386 884 388 L 856 394 Q 846 396 844 408 "
            "C 834 470 826 540 812 590 Z"
        )
    ),
    Piece(
        path(
            "M 690 440 C 740 500 800 500 876 452 L 884 500 "
            "C 800 556 720 546 668 486 Q 660 476 668 466 Z"
        )
    ),
    Piece(ellipse(738, 496, 20), "metal"),
    Piece(
        path(
            "M 486 750 C 462 672 410 606 316 562 Q 306 557 296 563 L 246 596 Q 232 606 246 616 "
            "C 330 668 364 712 376 770 Q 440 766 486 750 Z"
        )
    ),
    Piece(
        path(
            "M 190 768 C 216 690 286 616 372 570 Q 382 565 392 572 L 440 608 Q 452 618 438 627 "
            "C 366 674 326 716 310 774 Q 240 774 190 768 Z"
        )
    ),
)

SNEAKER: tuple[Shape, ...] = (
    Piece(
        path("M 470 352 L 520 262 Q 530 246 550 254 L 610 280 Q 640 300 640 360 L 540 420 Z"),
        "light",
    ),
    Piece(path("M 580 300 C 650 356 760 350 850 296 L 860 420 L 600 470 Z"), "lining"),
    Piece(
        path(
            "M 78 720 C 70 620 130 566 250 548 C 340 530 420 440 494 352 L 590 396 "
            "C 650 446 768 430 826 300 Q 836 276 862 286 Q 884 294 882 320 "
            "C 880 420 924 520 922 720 Z"
        )
    ),
    Shade(path("M 78 730 C 300 690 700 700 922 640 L 922 740 L 78 740 Z")),
    Piece(path("M 922 720 C 924 600 896 500 884 420 C 850 440 810 520 790 720 Z"), "accent"),
    Piece(path("M 78 720 C 70 620 130 566 250 548 C 310 590 330 650 326 720 Z"), "light"),
    # The eyestay, with laces across it.
    Piece(
        path("M 252 548 C 340 530 420 440 494 352 L 590 396 C 540 500 450 590 330 610 Z"), "light"
    ),
    *(
        shape
        for x, y in ((350, 534), (404, 486), (452, 432), (498, 376))
        for shape in (
            Line(((x - 22, y - 26), (x + 62, y + 22)), 36, "line"),
            Line(((x - 22, y - 26), (x + 62, y + 22)), 22, "sole"),
        )
    ),
    # Two side stripes.
    Piece(
        path("M 452 720 C 500 660 540 590 566 500 L 612 516 C 600 600 560 670 520 720 Z"), "accent"
    ),
    Piece(
        path("M 570 720 C 620 650 650 590 668 508 L 716 504 C 706 600 676 670 640 720 Z"), "accent"
    ),
    # Sole.
    Piece(
        path(
            "M 66 716 Q 66 704 80 704 L 922 704 Q 936 704 936 718 L 938 770 Q 936 816 890 818 "
            "L 150 818 Q 80 816 66 760 Z"
        ),
        "sole",
    ),
    Line(path("M 84 778 Q 500 786 926 776"), 10, "accent"),
)

BAG: tuple[Shape, ...] = (
    Line(path("M 350 420 C 352 150 648 150 650 420"), 54, "line"),
    Line(path("M 350 420 C 352 150 648 150 650 420"), 36, "deep"),
    Piece(symmetric("M 500 330 L 760 330 Q 800 330 808 370 L 896 800 Q 906 880 830 884 L 500 884")),
    Shade(path("M 90 790 Q 500 860 910 790 L 910 900 L 90 900 Z")),
    Shade(path("M 808 370 C 800 560 820 740 860 900 L 920 900 L 900 500 Z")),
    Piece(
        symmetric("M 500 322 L 762 322 Q 806 322 810 366 C 812 470 730 590 600 606 L 500 610"),
        "light",
    ),
    Line(
        path("M 216 372 C 226 480 290 566 404 580 L 596 580 C 710 566 774 480 784 372"), 6, "deep"
    ),
    Piece(
        symmetric("M 500 548 L 546 548 Q 558 548 558 560 L 552 634 Q 550 652 532 654 L 500 656"),
        "metal",
    ),
    Line(path("M 500 586 L 500 618"), 12),
    *both(
        Piece(
            path(
                "M 600 374 L 672 374 Q 684 374 684 386 L 680 440 Q 678 462 636 464 "
                "Q 596 462 592 440 "
                "L 588 386 Q 588 374 600 374 Z"
            ),
            "metal",
        ),
    ),
    Line(path("M 362 430 C 340 90 660 90 638 430"), 54, "line"),
    Line(path("M 362 430 C 340 90 660 90 638 430"), 36, "cloth"),
)

ANKLE_BOOT: tuple[Shape, ...] = (
    # Pull tab and the dark inside of the shaft.
    Piece(
        path("M 770 190 L 780 110 Q 784 94 800 96 L 822 100 Q 838 104 836 120 L 828 200 Z"),
        "accent",
    ),
    Piece(path("M 452 190 Q 640 120 830 186 Q 640 250 452 190 Z"), "lining"),
    Piece(
        path(
            "M 92 800 C 76 690 150 636 270 600 C 390 566 440 500 446 400 L 448 186 "
            "Q 640 236 832 184 C 838 330 864 470 880 600 L 894 800 Z"
        )
    ),
    Shade(path("M 92 800 C 300 740 700 770 894 680 L 894 820 L 92 820 Z")),
    Shade(path("M 832 184 C 800 330 830 470 830 800 L 900 800 L 900 184 Z")),
    Shade(path("M 130 690 C 180 640 260 616 330 590 C 290 640 210 650 150 720 Z"), "light"),
    # The elastic side.
    Piece(
        path(
            "M 560 216 Q 640 226 722 212 C 716 330 700 420 660 498 Q 644 524 626 500 "
            "C 582 420 566 330 560 216 Z"
        ),
        "accent",
    ),
    *(
        Line(path(f"M {x} 226 Q {x} 330 {640 + (x - 640) * 0.45} 470"), 5, "line")
        for x in (592, 624, 656, 688)
    ),
    Line(path("M 450 480 C 480 590 560 650 640 650 C 740 650 800 600 872 560"), 8, "deep"),
    # Sole and heel.
    Piece(
        path(
            "M 84 790 Q 84 780 96 780 L 886 780 Q 900 780 900 794 L 900 900 "
            "Q 900 914 886 914 L 690 914 "
            "Q 676 914 674 900 L 668 846 L 130 846 Q 88 842 84 800 Z"
        ),
        "deep",
    ),
    Line(path("M 92 806 L 896 806"), 7),
)
