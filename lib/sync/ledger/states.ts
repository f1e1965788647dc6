export type HostingState = 'pending' | 'present' | 'parked' | 'removing' | 'absent' | 'failed' | 'paused';

export type CertificateState = 'none' | 'pending' | 'waiting-dns' | 'requested' | 'valid' | 'failed';
