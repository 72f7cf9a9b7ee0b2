// What each outcome sounds like: tones of so many hertz, each so many seconds.
const TONES = {
    good: [[1200, 0.07]],
    place: [
        [800, 0.06],
        [1200, 0.06],
    ],
    again: [
        [600, 0.06],
        [600, 0.06],
    ],
    bad: [
        [220, 0.18],
        [160, 0.28],
    ],
    undo: [
        [900, 0.06],
        [500, 0.08],
    ],
};
const VOLUME = 0.2;
const GAP = 0.03;

/** Short tones, made on the spot: no file that a dead network keeps away. */
export class CountSounds {
    isMuted = false;

    play(name) {
        const Context = window.AudioContext;
        if (this.isMuted || !Context) {
            return;
        }
        this.context ||= new Context();
        let start = this.context.currentTime;
        for (const [frequency, seconds] of TONES[name]) {
            this.playTone(frequency, start, seconds);
            start += seconds + GAP;
        }
    }

    playTone(frequency, start, seconds) {
        const oscillator = this.context.createOscillator();
        const gain = this.context.createGain();
        oscillator.frequency.value = frequency;
        gain.gain.value = VOLUME;
        oscillator.connect(gain).connect(this.context.destination);
        oscillator.start(start);
        oscillator.stop(start + seconds);
    }

    close() {
        this.context?.close();
    }
}
