// SPDX-License-Identifier: Apache-2.0
// Picture and sound of a room: one connection sends (sound, camera, screen), one receives. What the
// media server must know goes through our own server; whatever breaks, the page comes back by itself.
import { ref, shallowRef } from 'vue'
import * as client from '@/base/client'
import { actingFor, type Problem } from '@/base/http'
import type { Heard, Room } from './rooms'

/** Why a device cannot be used. */
export type Trouble = 'refused' | 'missing' | 'busy'
export function whyNot(cause: unknown): Trouble {
  const name = (cause as DOMException | undefined)?.name
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'refused'
  return name === 'NotReadableError' || name === 'AbortError' ? 'busy' : 'missing'
}
/** Whether this browser can talk at all: it needs WebRTC and a page that came safely. */
export const canTalk = () => typeof RTCPeerConnection !== 'undefined' && navigator.mediaDevices !== undefined
export const canShareScreen = () => 'getDisplayMedia' in (navigator.mediaDevices ?? {})

const beat_ms = 25_000
const longest_wait_ms = 8_000

/** One person's part of a talk. */
export class Talk {
  /** idle, entering, alone (the other is not there), together, lost (coming back), elsewhere (on another page), over. */
  readonly state = ref<'idle' | 'entering' | 'alone' | 'together' | 'lost' | 'elsewhere' | 'over'>('idle')
  readonly problem = shallowRef<Problem>()
  readonly camera_trouble = ref<Trouble>()
  readonly sound_trouble = ref<Trouble>()
  readonly share_trouble = ref<Trouble>()
  readonly own = shallowRef<MediaStream>()
  readonly own_screen = shallowRef<MediaStream>()
  readonly their = shallowRef<MediaStream>()
  readonly their_screen = shallowRef<MediaStream>()
  readonly sound_on = ref(true)
  readonly camera_on = ref(true)
  readonly slow = ref(false)

  private ticket = ''
  private ice: RTCIceServer[] = []
  private events?: EventSource
  private out?: RTCPeerConnection
  private in?: RTCPeerConnection
  private beat?: ReturnType<typeof setInterval>
  private again?: ReturnType<typeof setTimeout>
  private tries = 0
  private round = 0
  private queue: Promise<unknown> = Promise.resolve()

  constructor(private readonly room: string) {
    window.addEventListener('online', this.online)
    window.addEventListener('pagehide', this.gone)
  }

  /** Takes the devices (with `camera` or sound alone) and the seat. */
  async enter(camera: boolean): Promise<void> {
    this.state.value = 'entering'
    if (!this.own.value) await this.takeDevices(camera)
    await this.join()
  }
  private async takeDevices(camera: boolean): Promise<void> {
    const stream = new MediaStream()
    this.camera_trouble.value = this.sound_trouble.value = undefined
    const take = async (wanted: MediaStreamConstraints) => {
      for (const track of (await navigator.mediaDevices.getUserMedia(wanted)).getTracks())
        stream.addTrack(track)
    }
    const picture = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { max: 25 } }
    try {
      await take({ audio: true, video: camera && picture })
    } catch {
      // One of the two may still be there.
      await take({ audio: true }).catch((cause) => (this.sound_trouble.value = whyNot(cause)))
      if (camera) await take({ video: picture }).catch((cause) => (this.camera_trouble.value = whyNot(cause)))
    }
    this.own.value = stream
    this.camera_on.value = stream.getVideoTracks().length > 0
    this.sound_on.value = stream.getAudioTracks().length > 0
  }

  private async join(): Promise<void> {
    const round = ++this.round
    this.drop()
    const answer = await client.joinRoom<{ ticket: string; room: Room }>(this.room, {
      consent: true,
    } as client.Act)
    if (round !== this.round) return
    if (!answer.ok) {
      this.problem.value = answer.error
      if (answer.error.code === 'rooms.ended' || answer.error.status === 404) this.finish('over')
      else this.comeBack()
      return
    }
    this.problem.value = undefined
    this.ticket = answer.value.ticket
    this.ice = answer.value.room.ice ?? []
    const asked = new URLSearchParams({ ticket: this.ticket })
    // A stream of events takes no headers, so for whom one acts stands beside the ticket.
    const whom = actingFor()
    if (whom) asked.set('acting_for', whom)
    this.events = new EventSource(`/api/rooms/${this.room}/signals?${asked}`)
    this.events.addEventListener('signal', (event) => {
      if (round === this.round) void this.heard(JSON.parse((event as MessageEvent<string>).data) as Heard)
    })
    this.events.addEventListener('error', () => {
      if (round === this.round && this.events?.readyState === EventSource.CLOSED) this.comeBack()
    })
    this.beat = setInterval(() => void this.say({ kind: 'beat' }), beat_ms)
  }

  private async heard(said: Heard): Promise<void> {
    if (said.kind === 'entered') {
      this.tries = 0
      this.state.value = 'alone'
      await this.publish()
      if (said.other) await this.say({ kind: 'watch' })
    } else if (said.kind === 'other-here') {
      await this.say({ kind: 'watch' })
    } else if (said.kind === 'other-gone') {
      this.dropIn()
      if (this.state.value === 'together') this.state.value = 'alone'
    } else if (said.kind === 'jsep' && said.on === 'out') {
      await this.out?.setRemoteDescription(said.jsep)
    } else if (said.kind === 'jsep') {
      await this.receive(said.jsep)
    } else if (said.kind === 'gone') {
      this.comeBack()
    } else if (said.kind === 'closed') {
      this.finish('over')
    } else if (said.kind === 'slow') {
      this.slow.value = true
      setTimeout(() => (this.slow.value = false), 10_000)
    }
  }

  private connection(on: 'out' | 'in'): RTCPeerConnection {
    const round = this.round
    const made = new RTCPeerConnection({ iceServers: this.ice })
    made.addEventListener('icecandidate', (event) => {
      if (round === this.round)
        void this.say({ kind: 'candidate', on, candidate: event.candidate?.toJSON() ?? null })
    })
    made.addEventListener('connectionstatechange', () => {
      if (round === this.round && made.connectionState === 'failed') this.comeBack()
    })
    return made
  }
  /** Always the same three lines, so that a camera or screen may come later without asking anybody. */
  private async publish(): Promise<void> {
    const out = (this.out = this.connection('out'))
    const one = (kind: 'audio' | 'video', track: MediaStreamTrack | undefined) =>
      out.addTransceiver(track ?? kind, { direction: 'sendonly' })
    one('audio', this.own.value?.getAudioTracks()[0])
    one('video', this.own.value?.getVideoTracks()[0])
    one('video', this.own_screen.value?.getVideoTracks()[0])
    await out.setLocalDescription()
    await this.say({ kind: 'publish', jsep: out.localDescription?.toJSON() })
    await this.tellShows()
  }
  private async receive(offer: RTCSessionDescriptionInit): Promise<void> {
    this.dropIn()
    const now = (this.in = this.connection('in'))
    await now.setRemoteDescription(offer)
    const tracks = now.getTransceivers().map((each) => each.receiver.track)
    const [camera, screen] = tracks.filter((track) => track.kind === 'video')
    this.their.value = new MediaStream([
      ...tracks.filter((track) => track.kind === 'audio'),
      ...(camera ? [camera] : []),
    ])
    this.their_screen.value = screen ? new MediaStream([screen]) : undefined
    await now.setLocalDescription()
    await this.say({ kind: 'answer', jsep: now.localDescription?.toJSON() })
    this.state.value = 'together'
  }

  /** One after the other: what is offered must come before its candidates. */
  private say(signal: Record<string, unknown>): Promise<void> {
    const round = this.round
    const said = this.queue.then(async () => {
      if (round !== this.round) return
      const answer = await client.signalRoom(this.room, { ticket: this.ticket, ...signal } as client.Act)
      if (answer.ok || round !== this.round) return
      if (answer.error.code === 'rooms.taken_over') this.finish('elsewhere')
      else if (answer.error.code === 'rooms.ended') this.finish('over')
      else if (signal.kind !== 'candidate') this.comeBack()
    })
    this.queue = said
    return said
  }
  private tellShows(): Promise<void> {
    return this.say({
      kind: 'shows',
      screen: !!this.own_screen.value,
      camera: this.camera_on.value,
      sound: this.sound_on.value,
    })
  }

  /** Sound or camera on or off; nothing leaves while it is off. */
  async turn(what: 'sound' | 'camera', on: boolean): Promise<void> {
    const tracks = what === 'sound' ? this.own.value?.getAudioTracks() : this.own.value?.getVideoTracks()
    for (const track of tracks ?? []) track.enabled = on
    ;(what === 'sound' ? this.sound_on : this.camera_on).value = on && !!tracks?.length
    await this.tellShows()
  }
  /** Shares the screen, or where there is none to share the camera at the back of a phone. */
  async share(what: 'screen' | 'paper'): Promise<void> {
    this.share_trouble.value = undefined
    try {
      this.own_screen.value =
        what === 'screen'
          ? await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { max: 10 } } })
          : await navigator.mediaDevices.getUserMedia({
              video: { facingMode: 'environment', width: { ideal: 1280 }, frameRate: { max: 10 } },
            })
    } catch (cause) {
      this.share_trouble.value = whyNot(cause)
      return
    }
    const track = this.own_screen.value.getVideoTracks()[0]!
    track.contentHint = 'detail'
    track.addEventListener('ended', () => void this.stopSharing())
    await this.screenSender()?.replaceTrack(track)
    await this.tellShows()
  }
  async stopSharing(): Promise<void> {
    if (!this.own_screen.value) return
    stop(this.own_screen.value)
    this.own_screen.value = undefined
    await this.screenSender()?.replaceTrack(null)
    await this.tellShows()
  }
  private screenSender(): RTCRtpSender | undefined {
    return this.out?.getTransceivers()[2]?.sender
  }

  private readonly online = (): void => {
    if (this.state.value === 'lost') this.comeBack(0)
  }
  /** The page goes away: the other is told at once, the seat stays ready for a short while. */
  private readonly gone = (): void => this.drop()
  private comeBack(wait = Math.min(longest_wait_ms, 1000 * 2 ** this.tries)): void {
    if (['elsewhere', 'over', 'idle'].includes(this.state.value)) return
    this.state.value = 'lost'
    this.tries += 1
    this.drop()
    clearTimeout(this.again)
    this.again = setTimeout(() => void this.join(), wait)
  }
  private dropIn(): void {
    this.in?.close()
    this.in = undefined
    this.their.value = this.their_screen.value = undefined
  }
  private drop(): void {
    this.events?.close()
    this.events = undefined
    clearInterval(this.beat)
    this.out?.close()
    this.out = undefined
    this.dropIn()
  }
  /** Leaves the room; it stays open for the other. */
  async leave(): Promise<void> {
    await Promise.race([this.say({ kind: 'leave' }), new Promise((done) => setTimeout(done, 2000))])
    this.finish('idle')
  }
  finish(state: 'idle' | 'over' | 'elsewhere'): void {
    this.round += 1
    this.state.value = state
    clearTimeout(this.again)
    this.drop()
    for (const stream of [this.own, this.own_screen]) {
      if (stream.value) stop(stream.value)
      stream.value = undefined
    }
  }
  /** The page is left. */
  dispose(): void {
    window.removeEventListener('online', this.online)
    window.removeEventListener('pagehide', this.gone)
    if (this.state.value !== 'idle' && this.state.value !== 'over') void this.leave()
  }
}

function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop()
}
