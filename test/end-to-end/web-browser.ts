import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { SipPhone } from '../support/phones/sip-phone.js';
import type { Stack } from '../support/stack.js';
import { ringSound } from '../../web-agent/src/devices/ring-sound.js';

export const AGENT_HZ = 660;
export const CALLER_HZ = 440;

/** Debian's Chromium, whose microphone is a tone. */
export class WebBrowser implements AsyncDisposable {
  private constructor(
    private readonly browser: Browser,
    private readonly folder: string,
  ) {}

  static async launch(): Promise<WebBrowser> {
    const folder = mkdtempSync(join(tmpdir(), 'proofline-browser-'));
    const wav = join(folder, 'tone.wav');
    writeFileSync(wav, ringSound([{ hz: AGENT_HZ, ms: 4_000 }]));
    const browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-background-networking',
        '--use-fake-ui-for-media-stream',
        '--use-fake-device-for-media-stream',
        `--use-file-for-fake-audio-capture=${wav}`,
      ],
    });
    return new WebBrowser(browser, folder);
  }

  /** A fresh profile: another computer. */
  async computer({
    language = 'en',
    checked = true,
    moves = false,
    timezoneId,
  }: {
    readonly language?: 'zh-CN' | 'en';
    readonly checked?: boolean;
    /** Drawers and menus glide, as for people who have not asked their computer for less motion. Most tests need not wait for that. */
    readonly moves?: boolean;
    readonly timezoneId?: string;
  } = {}): Promise<BrowserContext> {
    const context = await this.browser.newContext({
      ignoreHTTPSErrors: true,
      reducedMotion: moves ? 'no-preference' : 'reduce',
      viewport: { width: 1366, height: 768 },
      permissions: ['microphone'],
      ...(timezoneId === undefined ? {} : { timezoneId }),
    });
    await context.addInitScript(
      ({ chosen, devices }) => {
        localStorage.setItem('proofline.language', chosen);
        localStorage.setItem('proofline.theme', localStorage.getItem('proofline.theme') ?? 'light');
        if (devices !== '' && localStorage.getItem('proofline.devices') === null) localStorage.setItem('proofline.devices', devices);
        // Noise suppression takes a steady tone for noise.
        const capture = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
        navigator.mediaDevices.getUserMedia = (constraints) => {
          const audio = typeof constraints?.audio === 'object' ? constraints.audio : {};
          return capture({ audio: { ...audio, echoCancellation: false, noiseSuppression: false, autoGainControl: false } });
        };
      },
      { chosen: language, devices: checked ? JSON.stringify({ checkedAt: '2026-01-01T00:00:00.000Z' }) : '' },
    );
    return context;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.browser.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A person at a page of the running product. */
export class WebPage {
  readonly faults: string[] = [];

  constructor(
    readonly page: Page,
    private readonly stack: Stack,
  ) {
    page.on('pageerror', (error) => this.faults.push(error.message));
    // The page must do nothing that its own policy forbids.
    page.on('console', (message) => {
      if (message.type() === 'error' && /(?:default|script)-src/.test(message.text())) this.faults.push(message.text());
    });
  }

  static async open(context: BrowserContext, stack: Stack, name: string): Promise<WebPage> {
    const web = new WebPage(await context.newPage(), stack);
    await web.page.goto(stack.web);
    await web.page.getByTestId('sign-in-name').fill(name);
    await web.page.getByTestId('sign-in-password').fill(stack.password);
    await web.page.getByTestId('sign-in-submit').click();
    await web.page.getByTestId('person').waitFor();
    return web;
  }

  /** A person who has signed in on this computer before and opens a page by its address: the cookie of the session signs the page in. */
  static async at(context: BrowserContext, stack: Stack, name: string, path: string): Promise<WebPage> {
    const signedIn = await context.request.post(`${stack.web}/api/session`, { data: { name, password: stack.password } });
    if (!signedIn.ok()) throw new Error(`signing in answered ${signedIn.status()}`);
    const web = new WebPage(await context.newPage(), stack);
    await web.page.goto(`${stack.web}${path}`);
    await web.page.getByTestId('person').waitFor();
    return web;
  }

  /** Chooses `option` in the list of the last control that has this label. */
  async choose(label: string, option: string): Promise<void> {
    const field = this.page.getByLabel(label, { exact: true }).last();
    const offered = this.page.locator(`.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option[title="${option}"]`);
    await field.click();
    // A dialog takes the focus when its movement ends, which closes a list that was opened before: a person opens it again.
    await offered.waitFor({ timeout: 5_000 }).catch(() => field.click());
    await offered.click();
  }

  /** Waits until the seat's sound is up. */
  async lineUp(): Promise<void> {
    await this.page.locator('[data-testid=phone-strip][data-line=up][data-link=up]').waitFor();
  }

  async state(state: string): Promise<void> {
    await this.page.locator(`[data-testid=my-state][data-state=${state}]`).waitFor();
  }

  async ready(): Promise<void> {
    await this.lineUp();
    await this.page.getByTestId('set-ready').click();
    await this.state('ready');
  }

  async answer(): Promise<void> {
    await this.page.getByTestId('answer').click();
    await this.page
      .getByTestId('call-card')
      .waitFor()
      .catch(async (error: unknown) => Promise.reject(new Error(await this.seen(), { cause: error })));
  }

  /** What a person at the page reads and what the product knows of agents and calls: for a failure that says why. */
  private async seen(): Promise<string> {
    const token = await this.stack.signIn('supervisor');
    const [agents, calls] = await Promise.all(
      ['/api/agents/board', '/api/calls/live'].map(async (path) => JSON.stringify((await this.stack.http('GET', path, { token })).body)),
    );
    return `the page reads:\n${await this.page.locator('body').innerText()}\nagents: ${agents ?? ''}\ncalls: ${calls ?? ''}`;
  }

  /** Milliseconds until the earpiece plays the tone. */
  async untilHears(hertz: number, timeoutMs = 10_000): Promise<number> {
    return this.page.evaluate(
      async ({ hz, withinMs }) => {
        const started = performance.now();
        const context = new AudioContext();
        await context.resume();
        const analyser = context.createAnalyser();
        analyser.fftSize = 2_048;
        analyser.smoothingTimeConstant = 0;
        const bins = new Float32Array(analyser.frequencyBinCount);
        const wanted = Math.round((hz * analyser.fftSize) / context.sampleRate);
        let heard: MediaStream | null = null;
        let source: MediaStreamAudioSourceNode | null = null;
        try {
          return await new Promise<number>((resolve, reject) => {
            const timer = setInterval(() => {
              const stream = document.querySelector<HTMLAudioElement>('[data-testid=earpiece]')?.srcObject;
              if (stream instanceof MediaStream && stream !== heard && stream.getAudioTracks().length > 0) {
                source?.disconnect();
                heard = stream;
                source = context.createMediaStreamSource(stream);
                source.connect(analyser);
              }
              analyser.getFloatFrequencyData(bins);
              const loudest = bins.indexOf(Math.max(...bins));
              const waited = performance.now() - started;
              if (Math.abs(loudest - wanted) <= 1 && (bins[loudest] ?? -200) > -60) {
                clearInterval(timer);
                resolve(waited);
              } else if (waited > withinMs) {
                clearInterval(timer);
                reject(
                  new Error(
                    `${hz} Hz was not heard; loudest was ${Math.round((loudest * context.sampleRate) / analyser.fftSize)} Hz at ${Math.round(bins[loudest] ?? -200)} dB`,
                  ),
                );
              }
            }, 10);
          });
        } finally {
          await context.close();
        }
      },
      { hz: hertz, withinMs: timeoutMs },
    );
  }

  async close(): Promise<void> {
    await this.page.close();
  }
}

/** A caller who dials a number through the trunk, the demo number unless another is named. */
export const dial = (stack: Stack, number = '4001000', from = '13800000002'): Promise<SipPhone> =>
  SipPhone.open(
    { server: stack.sip, local: '127.0.0.1', from: `sip:${from}@carrier.test` },
    `sip:${number}@${stack.sip.address}:${stack.sip.port}`,
  );
